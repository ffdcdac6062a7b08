import { type KeyObject, sign } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";

const sha256WithRsa = "1.2.840.113549.1.1.11";
const commonName = "2.5.4.3";
const derNull = new Uint8Array([5, 0]).buffer;

export interface SelfSignedRequest {
  readonly commonName: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** 16 octets, the first below 0x80, so that the number is positive. */
  readonly serialNumber: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * A self-signed RSA certificate in DER, the wrapping in which Entra publishes its signing keys (`x5c`). Made without
 * WebCrypto, whose promises would make opening the token service asynchronous.
 */
export function selfSignedCertificate(request: SelfSignedRequest): Buffer {
  const name = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({
        type: commonName,
        value: new AttributeValue({ utf8String: request.commonName }),
      }),
    ]),
  ]);
  const signature = new AlgorithmIdentifier({ algorithm: sha256WithRsa, parameters: derNull });
  const toBeSigned = new TBSCertificate({
    version: Version.v3,
    serialNumber: arrayBuffer(request.serialNumber),
    signature,
    issuer: name,
    subject: name,
    validity: new Validity({ notBefore: request.notBefore, notAfter: request.notAfter }),
    subjectPublicKeyInfo: AsnConvert.parse(
      request.publicKey.export({ type: "spki", format: "der" }),
      SubjectPublicKeyInfo,
    ),
  });
  const signatureValue = sign(
    "RSA-SHA256",
    Buffer.from(AsnConvert.serialize(toBeSigned)),
    request.privateKey,
  );
  return Buffer.from(
    AsnConvert.serialize(
      new Certificate({
        tbsCertificate: toBeSigned,
        signatureAlgorithm: signature,
        signatureValue: arrayBuffer(signatureValue),
      }),
    ),
  );
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
