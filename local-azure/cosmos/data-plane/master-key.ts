import { createHmac, timingSafeEqual } from "node:crypto";

/** An account's key, decoded once. */
export interface MasterKey {
  /** As the service's own token types name it, for example `PrimaryReadonlyMasterKey`. */
  readonly tokenType: string;
  readonly secret: Buffer;
  readonly readOnly: boolean;
}

/** The parts of a request that its key signs. */
export interface SignedRequest {
  readonly method: string;
  /** `dbs`, `colls`, `docs`, …; empty for the account itself. */
  readonly resourceType: string;
  /** Path of the resource, or of the parent for a feed, without the leading slash. */
  readonly resourceLink: string;
  /** Header `x-ms-date`, RFC 1123. */
  readonly date: string;
  /** Header `date`, where it is sent instead. */
  readonly httpDate: string;
}

/** https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources#constructkeytoken */
export function payloadToSign(request: SignedRequest): string {
  const { method, resourceType, resourceLink, date, httpDate } = request;
  return `${method.toLowerCase()}\n${resourceType.toLowerCase()}\n${resourceLink}\n${date.toLowerCase()}\n${httpDate.toLowerCase()}\n`;
}

/**
 * The key that made `signature` (canonical base64) over `payload`. Takes as long for every key and every well-formed
 * signature.
 */
export function findSigningKey(
  keys: readonly MasterKey[],
  payload: string,
  signature: string,
): MasterKey | undefined {
  const given = Buffer.from(signature, "base64");
  // Decoding passes over whatever follows the padding: a signature with more after it would pass for the good one.
  if (given.toString("base64") !== signature) return undefined;
  let found: MasterKey | undefined;
  for (const key of keys) {
    const expected = createHmac("sha256", key.secret).update(payload).digest();
    const candidate = given.length === expected.length ? given : Buffer.alloc(expected.length);
    if (timingSafeEqual(candidate, expected) && given.length === expected.length) found = key;
  }
  return found;
}

/** Reads the keys that resource manager keeps with an account; empty where there are none. */
export function readMasterKeys(keys: unknown): readonly MasterKey[] {
  if (typeof keys !== "object" || keys === null) return [];
  return Object.entries(keys).flatMap(([name, value]) => {
    if (typeof value !== "string" || value === "") return [];
    const tokenType = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return [{ tokenType, secret: Buffer.from(value, "base64"), readOnly: /readonly/i.test(name) }];
  });
}
