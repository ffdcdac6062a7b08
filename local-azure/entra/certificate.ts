import { type KeyObject, sign } from "node:crypto";

export interface SelfSignedRequest {
  readonly commonName: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** 16 octets, the first from 0x01 to 0x7f, so that the number is positive and in its shortest form. */
  readonly serialNumber: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Tags of X.690, https://www.itu.int/rec/T-REC-X.690. */
const tag = {
  integer: 2,
  bits: 3,
  utf8: 12,
  utcTime: 23,
  generalizedTime: 24,
  sequence: 48,
  set: 49,
  first: 160,
};
const sha256WithRsa = Buffer.from("06092a864886f70d01010b0500", "hex");
const commonNameType = Buffer.from("0603550403", "hex");
const version3 = Buffer.from("020102", "hex");

/**
 * A self-signed RSA certificate in DER (RFC 5280, section 4.1), the wrapping in which Entra publishes its signing keys
 * (`x5c`). Its few elements are written here: a library for ASN.1 takes longer to load than the token service to start.
 */
export function selfSignedCertificate(request: SelfSignedRequest): Buffer {
  const algorithm = der(tag.sequence, sha256WithRsa);
  const commonName = der(tag.sequence, commonNameType, der(tag.utf8, Buffer.from(request.commonName)));
  const name = der(tag.sequence, der(tag.set, commonName));
  const toBeSigned = der(
    tag.sequence,
    der(tag.first, version3),
    der(tag.integer, request.serialNumber),
    algorithm,
    name,
    der(tag.sequence, time(request.notBefore), time(request.notAfter)),
    name,
    request.publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("RSA-SHA256", toBeSigned, request.privateKey);
  const noUnusedBits = Buffer.of(0);
  return der(tag.sequence, toBeSigned, algorithm, der(tag.bits, noUnusedBits, signature));
}

/** One element: its tag, the length of its content and the content. */
function der(type: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  if (content.length >= 0x80 && content.length < 0x100) length.splice(0, 2, 0x81);
  return Buffer.concat([Buffer.of(type, ...length), content]);
}

/** RFC 5280, section 4.1.2.5: UTCTime, with two digits of the year, until 2049. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+|\D/g, "");
  const isShort = date.getUTCFullYear() < 2050;
  return der(
    isShort ? tag.utcTime : tag.generalizedTime,
    Buffer.from(`${isShort ? digits.slice(2) : digits}Z`),
  );
}
