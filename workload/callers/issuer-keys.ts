import { type CryptoKey, importJWK } from "jose";
import { fetchDocument } from "./bounded-document.ts";

/** The keys that an issuer signs with. */
export interface IssuerKeys {
  /**
   * The key of that id; undefined when the issuer does not publish it.
   *
   * @throws IssuerUnavailable when the issuer gives no key set.
   */
  find(kid: string): Promise<CryptoKey | undefined>;
}

/** The issuer's documents could not be had: no fault of the caller. */
export class IssuerUnavailable extends Error {}

/** Entra rolls its keys without notice, and asks for a look at least once a day. */
const maximumAgeMs = 24 * 60 * 60_000;
/** An unknown key id is worth one look; tokens with made-up ids must not make a stream of them. */
const coolDownMs = 30_000;
const pauseAfterFailureMs = 1_000;
const minimumModulusBytes = 256;
const patienceMs = 5_000;

export interface IssuerKeysOptions {
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
  /** How long an issuer may take for one document. */
  readonly timeoutMs?: number;
}

/**
 * Finds an issuer's keys by its discovery document, and keeps them. A key id that is not among them is looked up again, at
 * most every 30 s; keys that are a day old are fetched anew, and kept where that fails.
 *
 * Reference: https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 *
 * @param issuer `<authority>/<tenant>/v2.0`, without a trailing slash.
 */
export function openIssuerKeys(
  issuer: string,
  { now = () => performance.now(), timeoutMs = patienceMs }: IssuerKeysOptions = {},
): IssuerKeys {
  let keys: ReadonlyMap<string, CryptoKey> | undefined;
  let failure: IssuerUnavailable | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    try {
      keys = await fetchKeys(issuer, timeoutMs);
      failure = undefined;
    } catch (error) {
      failure = new IssuerUnavailable(reasonOf(error as Error));
    } finally {
      lookedAt = now();
      looking = undefined;
    }
  };
  const lookOnce = (): Promise<void> => {
    looking ??= look();
    return looking;
  };

  return {
    async find(kid) {
      const age = now() - lookedAt;
      const due =
        failure === undefined ? age >= maximumAgeMs : age >= (keys ? coolDownMs : pauseAfterFailureMs);
      if (due) await lookOnce();
      if (keys?.has(kid) !== true && now() - lookedAt >= coolDownMs) await lookOnce();
      const key = keys?.get(kid);
      if (key === undefined && failure !== undefined) throw failure;
      return key;
    },
  };
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf({ message, cause }: Error): string {
  const behind = (cause as Error | undefined)?.message;
  return behind === undefined ? message : `${message}: ${behind}`;
}

async function fetchKeys(issuer: string, timeoutMs: number): Promise<ReadonlyMap<string, CryptoKey>> {
  const discovery = asRecord(await fetchDocument(`${issuer}/.well-known/openid-configuration`, timeoutMs));
  if (discovery.issuer !== issuer)
    throw new Error(`the discovery document of ${issuer} names another issuer`);
  if (typeof discovery.jwks_uri !== "string") {
    throw new Error(`the discovery document of ${issuer} names no key set`);
  }
  const { keys } = asRecord(await fetchDocument(discovery.jwks_uri, timeoutMs));
  if (!Array.isArray(keys)) throw new Error(`${discovery.jwks_uri} holds no list of keys`);
  const found = new Map<string, CryptoKey>();
  for (const entry of keys.map(asRecord)) {
    if (!signsFor(entry, issuer) || found.has(entry.kid)) continue;
    const { n, e } = entry;
    const key = await importJWK({ kty: "RSA", n, e, alg: "RS256" }).catch(() => undefined);
    if (key !== undefined && !(key instanceof Uint8Array)) found.set(entry.kid, key);
  }
  return found;
}

/** An RSA key of 2,048 bits or more for signatures. A key set shared by tenants says of each key whose tokens it signs. */
function signsFor(
  entry: Readonly<Record<string, unknown>>,
  issuer: string,
): entry is { kid: string; n: string; e: string } {
  const { kty, use, alg, kid, n, e, issuer: signer } = entry;
  const tenantId = issuer.split("/").at(-2) ?? "";
  return (
    kty === "RSA" &&
    (use === undefined || use === "sig") &&
    (alg === undefined || alg === "RS256") &&
    typeof kid === "string" &&
    typeof n === "string" &&
    typeof e === "string" &&
    Buffer.from(n, "base64url").length >= minimumModulusBytes &&
    (signer === undefined ||
      (typeof signer === "string" && signer.replace("{tenantid}", tenantId) === issuer))
  );
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}
