/** The `error` values of RFC 6749 and of Entra that this token service answers. */
export type OAuthErrorCode =
  | "authorization_pending"
  | "bad_verification_code"
  | "expired_token"
  | "invalid_client"
  | "invalid_grant"
  | "invalid_instance"
  | "invalid_request"
  | "invalid_resource"
  | "invalid_scope"
  | "invalid_tenant"
  | "login_required"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_response_type";

/**
 * A refusal by the token service. `message` is the text of `error_description` from `AADSTS<code>:` on, without the
 * trace and correlation ids that only the answer knows; `code` is the number of
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
 */
export class TokenError extends Error {
  readonly code: number;
  readonly error: OAuthErrorCode;
  readonly status: number;
  /** What a client that can ask its user should do next. */
  readonly suberror: string | undefined;

  constructor(code: number, error: OAuthErrorCode, status: number, text: string, suberror?: string) {
    super(`AADSTS${code}: ${text}`);
    this.name = "TokenError";
    this.code = code;
    this.error = error;
    this.status = status;
    this.suberror = suberror;
  }
}

/** 400 `invalid_request`. */
export function invalidRequest(code: number, text: string): TokenError {
  return new TokenError(code, "invalid_request", 400, text);
}

/** 400 `invalid_grant`: what should prove that a user agreed does not. */
export function invalidGrant(code: number, text: string): TokenError {
  return new TokenError(code, "invalid_grant", 400, text);
}

/** What a caller sent, as a refusal may quote it: a line of plain text. */
export function quotable(text: unknown, limit = 200): string {
  return String(text)
    .slice(0, limit)
    .replace(/[^\x20-\x7e]/g, "?");
}

/** The fields that every refusal adds to its text. */
export interface RefusalTrace {
  readonly traceId: string;
  readonly correlationId: string;
  readonly at: Date;
}

/** The body of a refusal, in Entra's exact shape; SDKs rebuild their own messages from these fields. */
export function tokenErrorBody(refusal: TokenError, trace: RefusalTrace): Readonly<Record<string, unknown>> {
  const timestamp = entraTimestamp(trace.at);
  return {
    error: refusal.error,
    error_description: `${refusal.message} Trace ID: ${trace.traceId} Correlation ID: ${trace.correlationId} Timestamp: ${timestamp}`,
    error_codes: [refusal.code],
    timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${refusal.code}`,
    ...(refusal.suberror === undefined ? {} : { suberror: refusal.suberror }),
  };
}

/** `YYYY-MM-DD HH:MM:SSZ`, the one form of time that Entra's refusals use. */
export function entraTimestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")}Z`;
}
