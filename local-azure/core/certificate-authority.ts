import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import * as x509 from "@peculiar/x509";
import type { Clock } from "./clock.ts";
import type { IdSource } from "./ids.ts";
import { loopbackNameConstraints } from "./name-constraints.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 86_400_000;
const authorityLife = 3650 * day;
/** Apple's platforms refuse leaves that live longer (https://support.apple.com/en-us/103769). */
const leafLife = 397 * day;

/**
 * Makes the authority: an ECDSA P-256 key that only its owner can read and a self-signed certificate of ten years whose
 * critical name constraints permit loopback names alone. Both are written as PEM.
 */
export async function createAuthority(
  caFile: string,
  caKeyFile: string,
  clock: Clock,
  ids: IdSource,
): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(ids),
    name: `CN=Local Azure ${ids.token(6)}`,
    notBefore: new Date(clock.nowMs() - day),
    notAfter: new Date(clock.nowMs() + authorityLife),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      loopbackNameConstraints(),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writeKey(caKeyFile, keys.privateKey);
  writeFileSync(caFile, `${certificate.toString("pem")}\n`, { mode: 0o644 });
}

/** A name that a leaf is good for. */
export interface LeafName {
  readonly type: "dns" | "ip";
  readonly value: string;
}

/** Where the authority is, where the leaf goes and what it is good for; the first name is its subject. */
export interface LeafRequest {
  readonly caFile: string;
  readonly caKeyFile: string;
  readonly leafFile: string;
  readonly leafKeyFile: string;
  readonly names: readonly [LeafName, ...LeafName[]];
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Makes a new key and a certificate of 397 days for `names`, signed by the authority in `caFile`. */
export async function issueLeaf({
  caFile,
  caKeyFile,
  leafFile,
  leafKeyFile,
  names,
  clock,
  ids,
}: LeafRequest): Promise<void> {
  const authority = new x509.X509Certificate(readFileSync(caFile, "utf8"));
  const [der] = x509.PemConverter.decode(readFileSync(caKeyFile, "utf8"));
  if (der === undefined) throw new Error(`${caKeyFile} holds no PEM block`);
  const signingKey = await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(ids),
    subject: `CN=${names[0].value}`,
    issuer: authority.subject,
    notBefore: new Date(clock.nowMs() - day),
    notAfter: new Date(Math.min(clock.nowMs() + leafLife, authority.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth], false),
      new x509.SubjectAlternativeNameExtension([...names]),
      await x509.AuthorityKeyIdentifierExtension.create(authority),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writeKey(leafKeyFile, keys.privateKey);
  writeFileSync(leafFile, `${certificate.toString("pem")}\n`, { mode: 0o644 });
}

async function writeKey(file: string, key: webcrypto.CryptoKey): Promise<void> {
  const pem = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
  writeFileSync(file, `${pem}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** RFC 5280 wants a positive number of at most 20 octets. */
function serialNumber(ids: IdSource): string {
  const bytes = ids.bytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f || 1;
  return bytes.toString("hex");
}
