import { TokenError } from "./token-error.ts";

/** The parameters of a client-credentials request, each present once and not empty. */
export interface TokenRequest {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly hasAssertion: boolean;
  readonly scope: string;
}

/**
 * Reads the form of `POST /<tenant>/oauth2/v2.0/token`. Parameters that Entra ignores are ignored here: SDKs add
 * telemetry and `claims` uninvited.
 *
 * @throws TokenError 9000411 for a repeated parameter, 900144 for a missing one, 70003 for another grant.
 */
export function readTokenRequest(form: URLSearchParams): TokenRequest {
  const names = [...form.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw invalidRequest(
      9000411,
      `The request is not properly formatted. The parameter '${printable(repeated)}' is duplicated.`,
    );
  }
  const grantType = required(form, "grant_type");
  if (grantType !== "client_credentials") {
    throw new TokenError(
      70003,
      "unsupported_grant_type",
      400,
      `The app requested an unsupported grant type '${printable(grantType)}'. This token service grants client_credentials.`,
    );
  }
  return {
    clientId: required(form, "client_id"),
    scope: required(form, "scope"),
    clientSecret: form.get("client_secret") || undefined,
    hasAssertion: Boolean(form.get("client_assertion")),
  };
}

const defaultSuffix = "/.default";

/**
 * The resource that an app-only scope names: the scope without its final `/.default`. A slash before that belongs to the
 * resource: `https://management.azure.com//.default` asks for `https://management.azure.com/`.
 *
 * @throws TokenError 70011 for text that is no scope, 1002012 for a scope other than `/.default`, 700022 for several resources.
 */
export function resourceOfScope(scope: string): string {
  const scopes = [...new Set(scope.split(/\s+/).filter((part) => part !== ""))];
  const unreadable = scopes.find((part) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(part));
  if (unreadable !== undefined || scopes.length === 0) {
    throw invalidScope(
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${printable(scope)} is not valid.`,
    );
  }
  const other = scopes.find((part) => !part.endsWith(defaultSuffix) || part.length === defaultSuffix.length);
  if (other !== undefined) {
    throw invalidScope(
      1002012,
      `The provided value for scope ${printable(scope)} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  const [first = "", ...more] = scopes.map((part) => part.slice(0, -defaultSuffix.length));
  if (more.length > 0) {
    throw invalidScope(
      700022,
      `The provided value for the input parameter 'scope' is not valid because it contains more than one resource. Scope ${printable(scope)} is not valid.`,
    );
  }
  return first;
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value) return value;
  throw invalidRequest(900144, `The request body must contain the following parameter: '${name}'.`);
}

function invalidRequest(code: number, text: string): TokenError {
  return new TokenError(code, "invalid_request", 400, text);
}

function invalidScope(code: number, text: string): TokenError {
  return new TokenError(code, "invalid_scope", 400, text);
}

/** What a caller sent is quoted in refusals, but never as more than a line of plain text. */
function printable(text: string): string {
  return text.slice(0, 200).replace(/[^\x20-\x7e]/g, "?");
}
