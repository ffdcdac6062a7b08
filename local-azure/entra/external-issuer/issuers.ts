import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { Agent } from "node:https";
import { getCACertificates } from "node:tls";
import type { Platform } from "../../core/platform.ts";
import { TokenError } from "../tokens/token-error.ts";
import { type FetchLimits, fetchDocument } from "./fetch-document.ts";

/** The keys that an issuer publishes, by key id. */
export interface IssuerKeys {
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** They were read for this call, not remembered from an earlier one. */
  readonly isFresh: boolean;
}

/** The issuers outside this tenant that federated credentials name. */
export interface ExternalIssuers {
  /** The issuer's keys, read now or less than a minute ago. @throws TokenError 50166, 90061. */
  keysOf(issuer: string): Promise<IssuerKeys>;
  /**
   * The issuer's keys, read now or less than ten seconds ago: whoever sends bad assertions does not make this cloud ask
   * the issuer for each. What is read takes the place of all that was known. @throws TokenError 50166, 90061.
   */
  refresh(issuer: string): Promise<IssuerKeys>;
}

interface KnownKeys {
  readonly keys: IssuerKeys["keys"];
  /** By the cloud's clock, milliseconds since the Unix epoch. */
  readonly readAt: number;
  readonly readAtMonotonic: number;
}

const maxBytes = 262_144;
const rememberedMs = 60_000;
const shortestPauseMs = 10_000;

/**
 * Reads discovery documents and key sets as OpenID Connect Discovery 1.0 (section 4) says, trusting the system's
 * authorities and the local cloud's own. Callers who ask at the same time share one reading.
 *
 * @param timeoutMs how long one document may take.
 * @param monotonicMs milliseconds that only grow, from any start; the cloud's clock may be moved back.
 */
export function externalIssuers(
  { certificates, clock }: Pick<Platform, "certificates" | "clock">,
  timeoutMs = 5_000,
  monotonicMs = () => performance.now(),
): ExternalIssuers {
  const limits: FetchLimits = { timeoutMs, maxBytes };
  const known = new Map<string, KnownKeys>();
  const reading = new Map<string, Promise<IssuerKeys>>();
  let agent: Agent | undefined;

  const read = async (issuer: string): Promise<IssuerKeys> => {
    agent ??= new Agent({ ca: authorities(certificates.caCertificatePem), minVersion: "TLSv1.2" });
    const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    const document = await fetchDocument(address, agent, limits);
    if (document.issuer !== issuer) throw unfit(address, "it is the document of another issuer");
    if (typeof document.jwks_uri !== "string") throw unfit(address, "it names no key set (jwks_uri)");
    const keys = readKeys(await fetchDocument(document.jwks_uri, agent, limits));
    if (keys === undefined) throw unfit(document.jwks_uri, "it is no key set");
    known.set(issuer, { keys, readAt: clock.nowMs(), readAtMonotonic: monotonicMs() });
    return { keys, isFresh: true };
  };
  const readShared = (issuer: string): Promise<IssuerKeys> => {
    const running = reading.get(issuer);
    if (running !== undefined) return running;
    const started = read(issuer).finally(() => reading.delete(issuer));
    reading.set(issuer, started);
    return started;
  };
  return {
    async refresh(issuer) {
      const entry = known.get(issuer);
      if (entry === undefined || monotonicMs() - entry.readAtMonotonic >= shortestPauseMs) {
        return readShared(issuer);
      }
      return { keys: entry.keys, isFresh: false };
    },
    async keysOf(issuer) {
      const entry = known.get(issuer);
      const age = entry === undefined ? undefined : clock.nowMs() - entry.readAt;
      if (entry === undefined || age === undefined || age < 0 || age >= rememberedMs) {
        return readShared(issuer);
      }
      return { keys: entry.keys, isFresh: false };
    },
  };
}

function authorities(own: string): string[] {
  return [...new Set([...getCACertificates("default"), ...getCACertificates("system"), own])];
}

/** Two keys of one id would leave open which of them signs: neither counts. */
function readKeys({
  keys: list,
}: Readonly<Record<string, unknown>>): ReadonlyMap<string, KeyObject> | undefined {
  if (!Array.isArray(list)) return undefined;
  const keys = new Map<string, KeyObject>();
  const repeated = new Set<string>();
  for (const entry of list) {
    const { kid } = (entry ?? {}) as JsonWebKey;
    const key = readKey((entry ?? {}) as JsonWebKey);
    if (typeof kid !== "string" || kid === "" || key === undefined) continue;
    if (keys.has(kid)) repeated.add(kid);
    keys.set(kid, key);
  }
  for (const kid of repeated) keys.delete(kid);
  return keys;
}

/** An RSA key for signatures with RS256, the only one that federated credentials may be signed with. */
function readKey(jwk: JsonWebKey): KeyObject | undefined {
  const { kty, use = "sig", alg = "RS256", n, e } = jwk;
  if (kty !== "RSA" || use !== "sig" || alg !== "RS256" || typeof n !== "string" || typeof e !== "string") {
    return undefined;
  }
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: "jwk" });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : undefined;
  } catch {
    return undefined;
  }
}

function unfit(url: string, why: string): TokenError {
  return new TokenError(
    90061,
    "invalid_request",
    400,
    `Request to External OIDC endpoint failed. ${url.slice(0, 300)}: ${why}.`,
  );
}
