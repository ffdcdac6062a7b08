import { type KeyObject, verify } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { FederatedCredential } from "../directory/federated-credentials.ts";
import type { Directory } from "../directory.ts";
import type { ExternalIssuers } from "../external-issuer/issuers.ts";
import { quotable } from "../tokens/token-error.ts";
import { type Assertion, audienceOf, requireValidTime } from "./assertion.ts";
import { invalidClient } from "./refusals.ts";

export interface FederatedCheck {
  /** Object ids of the application and its service principal, whose federated credentials count. */
  readonly holders: readonly string[];
  readonly directory: Directory;
  readonly issuers: ExternalIssuers;
  readonly clock: Clock;
  /** The v2 issuer of this tenant, which a credential may name too: a managed identity can prove an application. */
  readonly ownIssuer: string;
}

const advice =
  "Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

/**
 * Verifies a client assertion that another issuer wrote, against the client's federated credentials.
 * Rules: https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview
 *
 * The issuer is read first, because it tells whose keys to fetch, but only one that a credential names is ever asked;
 * subject and audience are compared after the signature and the times were found good. All three compare with case.
 *
 * @throws TokenError 700211, 700213, 7002137, 7002138, 700212 for an issuer, subject or audience of no credential, 700229
 * for a person's token, 7000272 for a key that the issuer does not publish, 700027 for a wrong signature or algorithm, 700024 outside its time, 50166 or
 * 90061 when the issuer's documents cannot be had.
 */
export async function checkFederatedAssertion(
  assertion: Assertion,
  check: FederatedCheck,
): Promise<FederatedCredential> {
  const { claims } = assertion;
  const ofIssuer = check.holders
    .flatMap((holder) => check.directory.federatedCredentials.of(holder))
    .filter(({ issuer }) => issuer === claims.iss);
  const [first] = ofIssuer;
  if (first === undefined) throw noMatch(700211, "issuer", claims.iss);
  await requireSignature(assertion, first.issuer, check.issuers);
  requireValidTime(assertion, check.clock.nowSeconds());
  const isOwn = first.issuer === check.ownIssuer;
  if (isOwn && claims.scp !== undefined) {
    throw invalidClient(
      700229,
      "Only app-only tokens can be used as Federated Identity Credentials for Microsoft Entra issuer. Use an app-only access token (generated during a client credentials flow) instead of a user-delegated access token (representing a request coming from a user context).",
    );
  }

  const ofSubject = ofIssuer.filter(({ subject }) => subject === claims.sub);
  if (ofSubject.length === 0) {
    const wanted = typeof claims.sub === "string" ? claims.sub.toLowerCase() : undefined;
    if (ofIssuer.some(({ subject }) => subject.toLowerCase() === wanted)) {
      throw invalidClient(
        7002138,
        `No matching federated identity record found for presented assertion subject '${quotable(claims.sub)}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${advice}`,
      );
    }
    throw noMatch(isOwn ? 7002137 : 700213, "subject", claims.sub);
  }
  const audience = audienceOf(assertion);
  const matching = ofSubject.find(({ audiences }) => audience !== undefined && audiences.includes(audience));
  if (matching === undefined) throw noMatch(700212, "audience", audience);
  return matching;
}

function noMatch(code: number, claim: string, value: unknown): Error {
  const shown = typeof value === "string" ? quotable(value) : "";
  return invalidClient(
    code,
    `No matching federated identity record found for presented assertion ${claim} '${shown}'. ${advice}`,
  );
}

/** A key that is not there, or does not fit, may have been replaced since the key set was read: it is read once more. */
async function requireSignature(
  { header, signed, signature }: Assertion,
  issuer: string,
  issuers: ExternalIssuers,
): Promise<void> {
  if (header.alg !== "RS256") {
    throw unsigned("The assertion is not signed with RS256, the one algorithm of federated credentials.");
  }
  const kid = typeof header.kid === "string" ? header.kid : "";
  const isGood = (key: KeyObject | undefined) =>
    key !== undefined && verify("sha256", signed, key, signature);
  const known = await issuers.keysOf(issuer);
  if (isGood(known.keys.get(kid))) return;
  const latest = known.isFresh ? known : await issuers.refresh(issuer);
  if (isGood(latest.keys.get(kid))) return;
  if (!latest.keys.has(kid)) {
    throw invalidClient(
      7000272,
      `The certificate with identifier ${quotable(kid)} used to sign the federated credential could not be found in the metadata of identity provider ${issuer}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.`,
    );
  }
  throw unsigned("The provided signature value did not match the expected signature value.");
}

function unsigned(reason: string): Error {
  return invalidClient(700027, `Client assertion failed signature validation. [Reason - ${reason}]`);
}
