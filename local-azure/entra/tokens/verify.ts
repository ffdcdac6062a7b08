import { hash, verify as verifySignature } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import { issuerV2 } from "../documents.ts";
import type { SigningKeys } from "../signing-keys.ts";
import { issuerOf } from "../tenants.ts";
import { splitToken, type TokenParts, TokenRejected } from "./token-parts.ts";

export { type RejectionReason, TokenRejected } from "./token-parts.ts";

/** What a verified token says of its bearer. */
export interface VerifiedToken {
  /** Object id of the principal: the claim `oid`. */
  readonly principalId: string;
  /** Client id: the claim `appid`, or `azp` in version 2.0. */
  readonly appId: string | undefined;
  readonly tenantId: string;
  readonly audience: string;
  /** Object ids of the groups in the token; empty when they were too many for it (`_claim_names`). */
  readonly groups: readonly string[];
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface TokenVerifier {
  /**
   * Verifies an access token in full: form, algorithm, key, signature, issuer, tenant, audience, times.
   *
   * @param audiences the exact spellings of `aud` that the surface accepts, or a test for one.
   * @throws TokenRejected whose `reason` names the first fault found.
   */
  verify(token: string, audiences: readonly string[] | ((audience: string) => boolean)): VerifiedToken;
}

export interface VerifierOptions {
  readonly keys: SigningKeys;
  readonly tenantId: string;
  readonly clock: Clock;
  /**
   * `https://localhost:<port>` of the token service, where tokens of version 2.0 are accepted too. Microsoft's own resources
   * get tokens of version 1.0 alone, so their surfaces leave it out.
   */
  readonly authority?: string;
  /** How many verified tokens are remembered; the oldest goes first. */
  readonly remembered?: number;
}

interface Remembered {
  readonly token: VerifiedToken;
  /** Seconds since the Unix epoch. */
  readonly notBefore: number;
}

/**
 * A verifier for the tokens of this tenant.
 *
 * A token whose signature was verified is remembered by its SHA-256 until it expires, never by itself; audience and times
 * are looked at on every call. Checking a signature takes many times as long as all the rest of a data-plane request's
 * authorization.
 */
export function createVerifier(options: VerifierOptions): TokenVerifier {
  const { keys, tenantId, clock, authority, remembered = 4096 } = options;
  const known = new Map<string, Remembered>();
  const remember = (digest: string, entry: Remembered) => {
    const oldest = known.size >= remembered ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    known.set(digest, entry);
  };
  return {
    verify(token, audiences) {
      const digest = hash("sha256", token, "base64url");
      let entry = known.get(digest);
      if (entry === undefined) {
        const parts = splitToken(token);
        checkSignature(parts, keys);
        entry = readClaims(parts.claims, tenantId, authority);
        if (clock.nowSeconds() < entry.token.expiresAt) remember(digest, entry);
      }
      const { audience, expiresAt } = entry.token;
      const accepted = typeof audiences === "function" ? audiences(audience) : audiences.includes(audience);
      if (!accepted) {
        throw new TokenRejected("audience", `The access token is for the audience ${audience}.`);
      }
      const now = clock.nowSeconds();
      if (now < entry.notBefore) {
        throw new TokenRejected("notYetValid", `The access token is valid from ${iso(entry.notBefore)} on.`);
      }
      if (now >= expiresAt) {
        known.delete(digest);
        throw new TokenRejected("expired", `The access token expired at ${iso(expiresAt)}.`);
      }
      return entry.token;
    },
  };
}

/** All that the header of a token of this tenant may hold: anything else asks for a rule that does not apply here. */
const headerMembers = new Set(["typ", "alg", "kid", "x5t"]);
const keyMembers = new Set(["jku", "jwk", "x5u", "x5c"]);
const signatureLength = 256;

function checkSignature({ header, signed, signature }: TokenParts, keys: SigningKeys): void {
  if (header.alg !== "RS256") {
    throw new TokenRejected("algorithm", "The access token is not signed with RS256.");
  }
  for (const member of Object.keys(header)) {
    if (keyMembers.has(member)) {
      throw new TokenRejected("key", `The access token brings its own key (${member}).`);
    }
    if (!headerMembers.has(member)) {
      throw new TokenRejected(
        "malformed",
        "The access token has a header member that the issuer does not write.",
      );
    }
  }
  if (header.typ !== "JWT") throw new TokenRejected("malformed", "The access token is not of type JWT.");
  const key = typeof header.kid === "string" ? keys.find(header.kid) : undefined;
  if (key === undefined || (header.x5t !== undefined && header.x5t !== header.kid)) {
    throw new TokenRejected("key", "The access token names a signing key that this tenant does not have.");
  }
  if (
    signature.length !== signatureLength ||
    !verifySignature("RSA-SHA256", signed, key.publicKey, signature)
  ) {
    throw new TokenRejected("signature", "The signature of the access token is not valid.");
  }
}

/** The end of the year 9999, beyond which ISO 8601 needs another form. */
const lastSecond = 253_402_300_799;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function readClaims(
  claims: Readonly<Record<string, unknown>>,
  ownTenant: string,
  authority: string | undefined,
): Remembered {
  const text = (name: string) => {
    const value = claims[name];
    if (typeof value !== "string" || value === "") throw claimFault(name, "a non-empty string");
    return value;
  };
  const seconds = (name: string) => {
    const value = claims[name];
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > lastSecond) {
      throw claimFault(name, "a time in whole seconds");
    }
    return value;
  };
  const guidOf = (name: string) => {
    const value = text(name);
    if (!guid.test(value)) throw claimFault(name, "a GUID");
    return value;
  };
  const issuer = text("iss");
  const audience = text("aud");
  const tenantId = guidOf("tid");
  const principalId = guidOf("oid");
  const version = text("ver");
  const isSecond = version === "2.0" && authority !== undefined;
  if (version !== "1.0" && !isSecond) throw claimFault("ver", '"1.0"');
  const client = isSecond ? "azp" : "appid";
  const appId = claims[client] === undefined ? undefined : guidOf(client);
  const [notBefore, expiresAt] = [seconds("nbf"), seconds("exp")];
  seconds("iat");
  const groups = claims.groups ?? [];
  if (!Array.isArray(groups) || !groups.every((group) => typeof group === "string" && guid.test(group))) {
    throw claimFault("groups", "a list of GUIDs");
  }
  if (issuer !== (isSecond ? issuerV2(authority, tenantId) : issuerOf(tenantId))) {
    throw new TokenRejected("issuer", "The access token was not issued by the token service of its tenant.");
  }
  if (tenantId !== ownTenant) {
    throw new TokenRejected("tenant", `The access token is of the tenant ${tenantId}, not of ${ownTenant}.`);
  }
  return { notBefore, token: { principalId, appId, tenantId, audience, groups, expiresAt, claims } };
}

function claimFault(name: string, wanted: string): TokenRejected {
  return new TokenRejected("claims", `The claim ${name} of the access token is not ${wanted}.`);
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
