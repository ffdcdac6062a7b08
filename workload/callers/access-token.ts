import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from "jose";
import type { CallerSettings } from "./caller-settings.ts";
import type { IssuerKeys } from "./issuer-keys.ts";

/** Who bears a verified token. */
export interface Caller {
  /** The claim `oid`. */
  readonly objectId: string;
  /** Object ids of the groups in the token; undefined when they were too many for it. */
  readonly groups: readonly string[] | undefined;
}

export type RefusalReason =
  | "form"
  | "algorithm"
  | "header"
  | "key"
  | "signature"
  | "claims"
  | "version"
  | "issuer"
  | "tenant"
  | "audience"
  | "expired"
  | "notYetValid";

/** A token that opens nothing; the message says what is wrong and holds nothing of the token. */
export class TokenRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A token with 200 groups, the most that Entra writes into one, stays below. */
export const maximumTokenLength = 16_384;
/** Clocks differ; the times of a token count with this tolerance, in seconds. */
const clockTolerance = 60;
/** `azp` is in every access token of version 2 and in no ID token, whose audience is a client id as well. */
const requiredClaims = ["iss", "aud", "exp", "nbf", "tid", "oid", "ver", "azp"];
/** Headers by which a token could bring its own key, or ask for another reading of itself. */
const foreignHeaders = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "cty"];
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Verifies an Entra access token of version 2 in full: form, algorithm, key, signature, issuer, tenant, audience, version,
 * times.
 *
 * Reference: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 *
 * @param now milliseconds since the Unix epoch.
 * @throws TokenRefused that names the first fault found, and IssuerUnavailable when the issuer gives no keys.
 */
export async function verifyAccessToken(
  token: string,
  { issuer, tenantId, audience }: CallerSettings,
  keys: IssuerKeys,
  now: () => number = Date.now,
): Promise<Caller> {
  const kid = readKeyId(token);
  const key = await keys.find(kid);
  if (key === undefined) {
    throw new TokenRefused("key", "The access token is signed with a key that its issuer does not publish.");
  }
  let verified: JWTVerifyResult;
  try {
    verified = await jwtVerify(token, key, {
      algorithms: ["RS256"],
      typ: "JWT",
      issuer,
      audience,
      requiredClaims,
      clockTolerance,
      currentDate: new Date(now()),
    });
  } catch (error) {
    throw refusalOf(error, issuer, audience);
  }
  const { payload } = verified;
  if (typeof payload.aud !== "string") throw wrongAudience(audience);
  if (payload.ver !== "2.0") throw wrongVersion();
  if (payload.tid !== tenantId) {
    throw new TokenRefused("tenant", "The access token's tid is not the tenant of its issuer.");
  }
  if (typeof payload.oid !== "string" || !guid.test(payload.oid)) throw unreadable("oid");
  return { objectId: payload.oid, groups: readGroups(payload) };
}

/** The key id of a token whose form and header are right. */
function readKeyId(token: string): string {
  const malformed = new TokenRefused(
    "form",
    `The access token is not a signed JSON Web Token of ${maximumTokenLength} characters at most.`,
  );
  if (token.length > maximumTokenLength || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) throw malformed;
  let header: Readonly<Record<string, unknown>>;
  try {
    header = { ...decodeProtectedHeader(token) };
  } catch {
    throw malformed;
  }
  if (header.alg !== "RS256") {
    throw new TokenRefused("algorithm", "The access token is not signed with RS256.");
  }
  if (foreignHeaders.some((name) => name in header)) {
    throw new TokenRefused(
      "header",
      "The access token's header brings a key or an extension; only kid may name the key.",
    );
  }
  if (typeof header.kid !== "string") {
    throw new TokenRefused("key", "The access token's header names no key.");
  }
  return header.kid;
}

function refusalOf(error: unknown, issuer: string, audience: string): unknown {
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new TokenRefused("signature", "The access token's signature is wrong.");
  }
  if (error instanceof errors.JWTExpired) {
    return new TokenRefused("expired", "The access token has expired: ask for a new one.");
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason, payload } = error;
    if (reason !== "check_failed") return unreadable(claim);
    if (claim === "nbf") {
      return new TokenRefused("notYetValid", "The access token is not valid yet: check the clocks.");
    }
    if (claim === "aud") return wrongAudience(audience);
    if (claim === "iss") {
      return payload.ver === "1.0"
        ? wrongVersion()
        : new TokenRefused("issuer", `The access token's iss is not ${issuer}: ask for it there.`);
    }
  }
  if (error instanceof errors.JOSEError) {
    return new TokenRefused("form", "The access token is not a JSON Web Token as Entra writes them.");
  }
  return error;
}

function wrongAudience(audience: string): TokenRefused {
  return new TokenRefused(
    "audience",
    `The access token's aud is not ${audience}: ask for the scope ${audience}/.default.`,
  );
}

function wrongVersion(): TokenRefused {
  return new TokenRefused(
    "version",
    "The access token is not of version 2.0: api.requestedAccessTokenVersion of the workload's registration must be 2.",
  );
}

/** @param claim one of the names that are looked for. */
function unreadable(claim: string): TokenRefused {
  const hint = claim === "azp" ? ": an ID token opens nothing" : "";
  return new TokenRefused(
    "claims",
    `The access token's claim ${claim} is missing or of the wrong kind${hint}.`,
  );
}

/**
 * Entra leaves out the groups of who is in more than 200 and points to Microsoft Graph instead
 * (https://learn.microsoft.com/security/zero-trust/develop/configure-tokens-group-claims-app-roles#group-overages).
 */
function readGroups({ groups = [], hasgroups, _claim_names: elsewhere }: JWTPayload): Caller["groups"] {
  if (hasgroups === true || (elsewhere !== null && typeof elsewhere === "object" && "groups" in elsewhere)) {
    return undefined;
  }
  if (Array.isArray(groups) && groups.every((group) => typeof group === "string")) return groups;
  throw unreadable("groups");
}
