import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { selfSignedCertificate } from "./certificate.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

describe("a self-signed certificate", () => {
  test.each([
    [
      "2030-01-02T03:04:05.678Z",
      "2035-06-07T08:09:10Z",
      "Jan  2 03:04:05 2030 GMT",
      "Jun  7 08:09:10 2035 GMT",
    ],
    ["2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "Dec 31 23:59:59 2049 GMT", "Jan  1 00:00:00 2050 GMT"],
  ])("from %s to %s is read back by OpenSSL as it was asked for", (notBefore, notAfter, from, to) => {
    const der = selfSignedCertificate({
      commonName: "x".repeat(200),
      privateKey,
      publicKey,
      serialNumber: Buffer.from("0102030405060708090a0b0c0d0e0f10", "hex"),
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
    });
    const certificate = new X509Certificate(der);
    expect(certificate.raw.equals(der)).toBe(true);
    expect(certificate.verify(publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.subject).toBe(`CN=${"x".repeat(200)}`);
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.serialNumber).toBe("0102030405060708090A0B0C0D0E0F10");
    expect([certificate.validFrom, certificate.validTo]).toEqual([from, to]);
  });
});
