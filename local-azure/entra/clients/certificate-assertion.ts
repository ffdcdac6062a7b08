import { constants, createHash, type KeyObject, verify, X509Certificate } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { Directory } from "../directory.ts";
import { quotable } from "../tokens/token-error.ts";
import { type Assertion, audienceOf, requireValidTime } from "./assertion.ts";
import { invalidClient } from "./refusals.ts";

export interface CertificateProof {
  readonly keyId: string;
  /** SHA-1 of the certificate in hexadecimal, as Azure shows thumbprints. */
  readonly thumbprint: string;
}

export interface CertificateCheck {
  readonly clientId: string;
  /** Object ids of the application and its service principal, whose certificates count. */
  readonly holders: readonly string[];
  /** Every spelling of the token endpoint that `aud` may have. */
  readonly audiences: readonly string[];
  readonly directory: Directory;
  readonly clock: Clock;
}

/**
 * Verifies a client assertion that is signed with the key of a certificate of the client.
 * Format: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 *
 * A certificate that the assertion brings along (`x5c`) proves nothing and is not looked at.
 *
 * @throws TokenError 700027 for an unknown or ended certificate or a wrong signature, 700021 for another issuer or
 * subject than the client, 700023 for another audience, 700024 outside its time.
 */
export function checkCertificateAssertion(assertion: Assertion, check: CertificateCheck): CertificateProof {
  const { header, claims } = assertion;
  const { clientId, clock } = check;
  const named = thumbprintOf(header);
  const reject = (reason: string) =>
    invalidClient(
      700027,
      `Client assertion failed signature validation. [Reason - ${reason}, Thumbprint of key used by client: '${quotable(named ?? "none")}'] Please see the certificates registered on the application '${clientId}'.`,
    );
  const credential = check.holders
    .flatMap((holder) => check.directory.keyCredentials.of(holder))
    .find(({ certificate }) => named !== undefined && thumbprintsOf(certificate).has(named));
  if (credential === undefined) throw reject("The key was not found.");
  const now = clock.nowMs();
  if (now < Date.parse(credential.startDateTime) || now >= Date.parse(credential.endDateTime)) {
    throw reject("The key used is expired.");
  }
  const { publicKey } = new X509Certificate(credential.certificate);
  if (!isSignedBy(publicKey, assertion)) {
    throw reject("The provided signature value did not match the expected signature value.");
  }
  if (claims.iss !== clientId || claims.sub !== clientId) {
    throw invalidClient(
      700021,
      "Client assertion application identifier doesn't match 'client_id' parameter. Its issuer (iss) and its subject (sub) must both be the client id.",
    );
  }
  const audience = audienceOf(assertion);
  if (audience === undefined || !check.audiences.includes(audience)) {
    throw invalidClient(
      700023,
      `Client assertion audience claim does not match Realm issuer. The audience '${quotable(audience ?? "none")}' is not this token endpoint: ${check.audiences[0]}.`,
    );
  }
  requireValidTime(assertion, clock.nowSeconds());
  return { keyId: credential.keyId, thumbprint: digest("sha1", credential.certificate, "hex").toUpperCase() };
}

/** How the header names its certificate: MSAL for Node writes `x5t#S256`, for Python `x5t`, go-azure-sdk `kid`. */
function thumbprintOf(header: Assertion["header"]): string | undefined {
  const named = header["x5t#S256"] ?? header.x5t ?? header.kid;
  return typeof named === "string" ? canonical(named) : undefined;
}

function thumbprintsOf(certificate: Buffer): ReadonlySet<string> {
  return new Set([
    digest("sha256", certificate, "base64url"),
    digest("sha1", certificate, "base64url"),
    digest("sha1", certificate, "hex"),
  ]);
}

/** Base64url without padding, or hexadecimal in lower case. */
function canonical(thumbprint: string): string {
  if (/^[0-9a-f]{40}$/i.test(thumbprint)) return thumbprint.toLowerCase();
  return thumbprint.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
}

function digest(algorithm: string, certificate: Buffer, encoding: "hex" | "base64url"): string {
  return createHash(algorithm).update(certificate).digest(encoding);
}

/** The algorithm must suit the key: a header cannot turn a public key into anything else. */
function isSignedBy(key: KeyObject, { header, signed, signature }: Assertion): boolean {
  const isRsa = key.asymmetricKeyType === "rsa";
  switch (header.alg) {
    case "RS256":
      return isRsa && verify("sha256", signed, key, signature);
    case "PS256": {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return isRsa && verify("sha256", signed, { key, padding, saltLength: 32 }, signature);
    }
    case "ES256": {
      const isP256 = key.asymmetricKeyDetails?.namedCurve === "prime256v1";
      return isP256 && verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, signature);
    }
    default:
      return false;
  }
}
