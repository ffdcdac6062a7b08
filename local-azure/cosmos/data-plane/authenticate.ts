import type { Clock } from "../../core/clock.ts";
import { TokenRejected, type TokenVerifier, type VerifiedToken } from "../../entra/tokens/verify.ts";
import { forbidden, unauthorized } from "./errors.ts";
import { type Caller, type Exchange, header } from "./exchange.ts";
import { findSigningKey, payloadToSign } from "./master-key.ts";
import { signedLinks } from "./signed-links.ts";

const tokenPrefix = "type=aad&ver=1.0&sig=";
/** How far a key's `x-ms-date` may be from now. */
const signatureWindowMs = 15 * 60 * 1000;
const maximumGroups = 200;
const substatusOf: Partial<Record<TokenRejected["reason"], number>> = { tenant: 5007, audience: 5008 };

/**
 * Finds out who sent the request: a principal by its Entra token, or the holder of an account key.
 *
 * @throws CosmosError 401 for a missing or bad credential (5007 tenant, 5008 audience, 5202 local authorization off),
 * 403 for an address outside the firewall, a key's date outside its window, and a token with more than 200 groups.
 */
export function authenticate(exchange: Exchange, verifier: TokenVerifier, clock: Clock): Caller {
  const blocked = exchange.account.firewall.blocks(exchange.sourceAddress);
  if (blocked !== undefined) throw forbidden(blocked);
  const authorization = readAuthorization(exchange);
  if (authorization.startsWith(tokenPrefix)) {
    return {
      kind: "principal",
      token: verifyToken(exchange, verifier, authorization.slice(tokenPrefix.length)),
    };
  }
  const [, type, version, signature] = /^type=(\w+)&ver=([\d.]+)&sig=(.+)$/s.exec(authorization) ?? [];
  if (type === undefined || version === undefined || signature === undefined) {
    throw unauthorized(
      "The authorization header is malformed. It must be type=aad&ver=1.0&sig=<token> or type=master&ver=1.0&sig=<signature>, raw or percent-encoded.",
    );
  }
  if (type !== "master" && type !== "resource") {
    throw unauthorized(`The authorization type ${type} with version ${version} is not known.`);
  }
  if (exchange.account.localAuthDisabled) {
    throw unauthorized("Local Authorization is disabled. Use an AAD token to authorize all requests.", 5202);
  }
  if (type === "resource") throw unauthorized("Resource tokens are not supported by the local cloud.");
  if (version !== "1.0")
    throw unauthorized(`The version ${version} of master-key authorization is not known.`);
  return authenticateKey(exchange, signature, clock);
}

/** SDKs send tokens raw or percent-encoded, keys always percent-encoded. */
function readAuthorization(exchange: Exchange): string {
  const text = header(exchange, "authorization");
  if (text === undefined || text === "") {
    throw unauthorized(
      "Required Header authorization is missing. Ensure a valid Authorization token is passed.",
    );
  }
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw unauthorized("The authorization header is not validly percent-encoded.");
  }
}

function verifyToken(exchange: Exchange, verifier: TokenVerifier, raw: string): VerifiedToken {
  let token: VerifiedToken;
  try {
    token = verifier.verify(raw, exchange.account.audiences);
  } catch (error) {
    if (!(error instanceof TokenRejected)) throw error;
    const fix =
      error.reason === "audience"
        ? ` This account accepts ${exchange.account.audiences.join(" and ")}, without a trailing slash.`
        : "";
    throw unauthorized(
      `Request blocked by Auth ${exchange.account.name} : ${error.message}${fix}`,
      substatusOf[error.reason] ?? 0,
    );
  }
  if (token.groups.length > maximumGroups || hasGroupOverage(token)) {
    throw forbidden(
      `Request blocked by Auth ${exchange.account.name} : the principal [${token.principalId}] is a member of more than ${maximumGroups} groups, more than a token can carry.`,
    );
  }
  return token;
}

/** Entra leaves groups out of a token that would have too many, and says so in `_claim_names`. */
function hasGroupOverage(token: VerifiedToken): boolean {
  const names = token.claims._claim_names;
  return (
    token.claims.hasgroups === true || (typeof names === "object" && names !== null && "groups" in names)
  );
}

function authenticateKey(exchange: Exchange, signature: string, clock: Clock): Caller {
  const date = header(exchange, "x-ms-date") ?? "";
  const httpDate = date === "" ? (header(exchange, "date") ?? "") : "";
  const sentAt = Date.parse(date === "" ? httpDate : date);
  if (Number.isNaN(sentAt)) {
    throw unauthorized("The header x-ms-date is missing or not a date as RFC 1123 writes it.");
  }
  const links = signedLinks(exchange);
  const payloads = links.map((link) => payloadToSign({ method: exchange.method, ...link, date, httpDate }));
  for (const payload of payloads) {
    const key = findSigningKey(exchange.account.keys, payload, signature);
    if (key === undefined) continue;
    if (Math.abs(clock.nowMs() - sentAt) > signatureWindowMs) {
      throw forbidden(
        `The authorization token is not valid at the current time. The request was signed at ${new Date(sentAt).toUTCString()}, the time here is ${clock.now().toUTCString()}; they may be 15 minutes apart.`,
      );
    }
    return { kind: "key", readOnly: key.readOnly, tokenType: key.tokenType };
  }
  throw unauthorized(
    `The input authorization token can't serve the request. The wrong key is being used or the expected payload is not built as per the protocol. Server used the following payload to sign: '${payloads[0]?.replaceAll("\n", "\\n")}'`,
  );
}
