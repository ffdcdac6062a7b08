import { TokenError } from "../tokens/token-error.ts";
import { hasUniqueMembers } from "./unique-members.ts";

/** A JSON Web Token that was brought by a client, taken apart; nothing in it is to be trusted before its signature is. */
export interface Assertion {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The bytes that the signature covers. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

const maxLength = 16_384;

/**
 * Splits an assertion that another party wrote (RFC 7515, compact form). Its JSON may be spaced as that party likes, but
 * base64url must be canonical and no member may stand twice.
 *
 * @throws TokenError 50027.
 */
export function readAssertion(text: string): Assertion {
  if (text.length > maxLength) throw malformed(`It is longer than ${maxLength} characters.`);
  const parts = text.split(".");
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    throw malformed(`It has ${parts.length} parts; a signed token has three.`);
  }
  const assertion = {
    header: readObject(header, "header"),
    claims: readObject(payload, "payload"),
    signed: Buffer.from(`${header}.${payload}`, "latin1"),
    signature: decode(signature, "signature"),
  };
  if (Object.hasOwn(assertion.header, "crit")) {
    throw malformed("Its header asks for extensions (crit) that are not understood here.");
  }
  return assertion;
}

/** The single audience of an assertion: a string, or a list of one as Kubernetes writes it. */
export function audienceOf({ claims }: Assertion): string | undefined {
  const { aud } = claims;
  const only = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  return typeof only === "string" ? only : undefined;
}

/** Entra allows clocks to be this far apart. */
const skewSeconds = 300;

/**
 * Holds the assertion's `exp`, and `nbf` when there is one, against the time. Python's MSAL writes times with fractions.
 *
 * @param now seconds since the Unix epoch.
 * @throws TokenError 700024.
 */
export function requireValidTime({ claims }: Assertion, now: number): void {
  const { exp, nbf = 0 } = claims;
  if (isTime(exp) && isTime(nbf) && now < exp + skewSeconds && now >= nbf - skewSeconds) return;
  const write = (time: unknown) => (isTime(time) ? new Date(time * 1000).toISOString() : "not a time");
  throw new TokenError(
    700024,
    "invalid_client",
    401,
    `Client assertion is not within its valid time range. Current time: ${write(now)}, assertion valid from ${write(nbf)}, expiry time of assertion ${write(exp)}.`,
  );
}

/** The end of the year 9999. */
const lastSecond = 253_402_300_799;

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= lastSecond;
}

function readObject(segment: string, part: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(decode(segment, part));
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof TokenError) throw error;
    throw malformed(`Its ${part} is not JSON.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`Its ${part} is not a JSON object.`);
  }
  if (!hasUniqueMembers(text)) throw malformed(`Its ${part} names a member twice.`);
  return value as Record<string, unknown>;
}

function decode(segment: string, part: string): Buffer {
  const bytes = Buffer.from(segment, "base64url");
  if (bytes.toString("base64url") !== segment) throw malformed(`Its ${part} is not canonical base64url.`);
  return bytes;
}

function malformed(why: string): TokenError {
  return new TokenError(50027, "invalid_request", 400, `JWT token is invalid or malformed. ${why}`);
}
