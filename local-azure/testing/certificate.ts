import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A self-signed certificate as a client makes one for itself, good for a day from `notBefore` on. */
export interface TestCertificate {
  readonly pem: string;
  readonly der: Buffer;
  /** SHA-1 of the DER form, in base64. */
  readonly thumbprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export async function makeCertificate(notBefore: Date): Promise<TestCertificate> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const notAfter = new Date(notBefore.getTime() + 86_400_000);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test",
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys,
  });
  const { raw, fingerprint } = new X509Certificate(made.toString("pem"));
  return {
    pem: made.toString("pem"),
    der: raw,
    thumbprint: Buffer.from(fingerprint.replaceAll(":", ""), "hex").toString("base64"),
    notBefore,
    notAfter,
  };
}
