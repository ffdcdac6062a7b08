/** Why a token is refused; each is one kind of fault, in the order in which they are looked for. */
export type RejectionReason =
  | "malformed"
  | "algorithm"
  | "key"
  | "signature"
  | "claims"
  | "issuer"
  | "tenant"
  | "audience"
  | "notYetValid"
  | "expired";

/** A token that must not be trusted. The message names the fault and never quotes the token. */
export class TokenRejected extends Error {
  readonly reason: RejectionReason;

  constructor(reason: RejectionReason, message: string) {
    super(message);
    this.name = "TokenRejected";
    this.reason = reason;
  }
}

export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The bytes that the signature covers. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Entra keeps its tokens far below this; what is longer is not one. */
export const maxTokenLength = 16_384;

/**
 * Splits a compact JWS into its parts without trusting any of it.
 *
 * Stricter than RFC 7515 asks, because every token accepted here was written by this tenant's own token service:
 * base64url must be canonical and JSON must be exactly as `JSON.stringify` writes it. So one token has one spelling, and
 * repeated members, which parsers read differently, cannot hide.
 *
 * @throws TokenRejected `malformed`.
 */
export function splitToken(token: string): TokenParts {
  if (token.length > maxTokenLength) throw malformed(`is longer than ${maxTokenLength} characters`);
  const segments = token.split(".");
  const [header, payload, signature] = segments;
  if (segments.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    throw malformed(`has ${segments.length} parts; a signed token has three`);
  }
  return {
    header: readJson(header, "header"),
    claims: readJson(payload, "payload"),
    signed: Buffer.from(`${header}.${payload}`, "latin1"),
    signature: decode(signature, "signature"),
  };
}

function readJson(segment: string, part: string): Readonly<Record<string, unknown>> {
  const text = decode(segment, part).toString("utf8");
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`has a ${part} that is not a JSON object`);
  }
  if (JSON.stringify(value) !== text)
    throw malformed(`has a ${part} in a form that the issuer does not write`);
  return value as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decode(segment: string, part: string): Buffer {
  const bytes = Buffer.from(segment, "base64url");
  if (bytes.toString("base64url") !== segment) {
    throw malformed(`has a ${part} that is not canonical base64url`);
  }
  return bytes;
}

function malformed(what: string): TokenRejected {
  return new TokenRejected("malformed", `The access token ${what}.`);
}
