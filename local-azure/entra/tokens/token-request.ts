import { invalidRequest, quotable, TokenError } from "./token-error.ts";

/** What every request to the token endpoint may carry besides what its grant needs. */
interface ClientParameters {
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly clientAssertion: string | undefined;
  /** `client_info=1`: MSAL wants to know under which account to keep the tokens. */
  readonly wantsClientInfo: boolean;
}

export interface ClientCredentialsRequest extends ClientParameters {
  readonly grant: "client_credentials";
  readonly scope: string;
}

export interface AuthorizationCodeRequest extends ClientParameters {
  readonly grant: "authorization_code";
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string | undefined;
  readonly scope: string | undefined;
}

export interface DeviceCodeRequest extends ClientParameters {
  readonly grant: "device_code";
  readonly deviceCode: string;
}

export interface RefreshTokenRequest extends ClientParameters {
  readonly grant: "refresh_token";
  readonly refreshToken: string;
  readonly scope: string | undefined;
}

export interface OnBehalfOfRequest extends ClientParameters {
  readonly grant: "on_behalf_of";
  readonly assertion: string;
  readonly scope: string;
}

export interface PasswordRequest extends ClientParameters {
  readonly grant: "password";
  readonly username: string;
  readonly password: string;
  readonly scope: string;
}

/** The parameters of a token request, each present once and not empty. */
export type TokenRequest =
  | AuthorizationCodeRequest
  | ClientCredentialsRequest
  | DeviceCodeRequest
  | OnBehalfOfRequest
  | PasswordRequest
  | RefreshTokenRequest;

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Reads the form of `POST /<tenant>/oauth2/v2.0/token`. Parameters that Entra ignores are ignored here: SDKs add
 * telemetry and `claims` uninvited.
 *
 * @throws TokenError 9000411 for a repeated parameter, 900144 for a missing one, 90013 for one of another value than is
 * known or a client id that is too long, 70011 for a scope that is too long, 70003 for another grant.
 */
export function readTokenRequest(form: URLSearchParams): TokenRequest {
  requireSingle(form);
  const grantType = required(form, "grant_type");
  const read = Object.hasOwn(readers, grantType) ? readers[grantType] : undefined;
  if (read === undefined) {
    throw new TokenError(
      70003,
      "unsupported_grant_type",
      400,
      `The app requested an unsupported grant type '${quotable(grantType)}'. This token service grants ${Object.keys(readers).join(", ")}.`,
    );
  }
  const client = {
    clientId: readClientId(form),
    clientSecret: optional(form, "client_secret"),
    clientAssertion: optional(form, "client_assertion"),
    wantsClientInfo: form.get("client_info") === "1",
  };
  if (client.clientAssertion !== undefined) requireValue(form, "client_assertion_type", assertionType);
  return read(form, client);
}

type Reader = (form: URLSearchParams, client: ClientParameters) => TokenRequest;

const readDeviceCode: Reader = (form, client) => ({
  ...client,
  grant: "device_code",
  deviceCode: optional(form, "device_code") ?? required(form, "code"),
});

/** By `grant_type`. MSAL for Node calls the device grant by its short name, MSAL for Python by its URN. */
const readers: Readonly<Record<string, Reader>> = {
  authorization_code: (form, client) => ({
    ...client,
    grant: "authorization_code",
    code: required(form, "code"),
    redirectUri: required(form, "redirect_uri"),
    codeVerifier: optional(form, "code_verifier"),
    scope: readOptionalScope(form),
  }),
  client_credentials: (form, client) => ({
    ...client,
    grant: "client_credentials",
    scope: readScope(form),
  }),
  device_code: readDeviceCode,
  password: (form, client) => ({
    ...client,
    grant: "password",
    username: required(form, "username"),
    password: required(form, "password"),
    scope: readScope(form),
  }),
  refresh_token: (form, client) => ({
    ...client,
    grant: "refresh_token",
    refreshToken: required(form, "refresh_token"),
    scope: readOptionalScope(form),
  }),
  "urn:ietf:params:oauth:grant-type:device_code": readDeviceCode,
  "urn:ietf:params:oauth:grant-type:jwt-bearer": (form, client) => {
    requireValue(form, "requested_token_use", "on_behalf_of");
    return {
      ...client,
      grant: "on_behalf_of",
      assertion: required(form, "assertion"),
      scope: readScope(form),
    };
  },
};

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
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${quotable(scope)} is not valid.`,
    );
  }
  const other = scopes.find((part) => !part.endsWith(defaultSuffix) || part.length === defaultSuffix.length);
  if (other !== undefined) {
    throw invalidScope(
      1002012,
      `The provided value for scope ${quotable(scope)} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  const [first = "", ...more] = scopes.map((part) => part.slice(0, -defaultSuffix.length));
  if (more.length > 0) {
    throw invalidScope(
      700022,
      `The provided value for the input parameter 'scope' is not valid because it contains more than one resource. Scope ${quotable(scope)} is not valid.`,
    );
  }
  return first;
}

const longestClientId = 100;
const longestScope = 2_048;

/** @throws TokenError 900144, 90013 for text that is too long for any client's id. */
export function readClientId(parameters: URLSearchParams): string {
  const clientId = required(parameters, "client_id");
  if (clientId.length <= longestClientId) return clientId.toLowerCase();
  throw invalidRequest(
    90013,
    `Invalid input received from the user. The parameter 'client_id' is longer than ${longestClientId} characters.`,
  );
}

/** @throws TokenError 900144, 70011 for a scope that is too long. */
export function readScope(parameters: URLSearchParams): string {
  return readOptionalScope(parameters) ?? required(parameters, "scope");
}

/** @throws TokenError 70011 for a scope that is too long. */
export function readOptionalScope(parameters: URLSearchParams): string | undefined {
  const scope = optional(parameters, "scope");
  if (scope === undefined || scope.length <= longestScope) return scope;
  throw invalidScope(
    70011,
    `The provided value for the input parameter 'scope' is not valid. It is longer than ${longestScope} characters.`,
  );
}

/** @throws TokenError 9000411. */
export function requireSingle(parameters: URLSearchParams): void {
  const names = [...parameters.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw invalidRequest(
    9000411,
    `The request is not properly formatted. The parameter '${quotable(repeated)}' is duplicated.`,
  );
}

/** @throws TokenError 900144. */
export function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value) return value;
  throw invalidRequest(900144, `The request body must contain the following parameter: '${name}'.`);
}

export function optional(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.get(name) || undefined;
}

function requireValue(form: URLSearchParams, name: string, wanted: string): void {
  const value = required(form, name);
  if (value === wanted) return;
  throw invalidRequest(
    90013,
    `Invalid input received from the user. The parameter '${name}' is '${quotable(value)}'; it must be '${wanted}'.`,
  );
}

function invalidScope(code: number, text: string): TokenError {
  return new TokenError(code, "invalid_scope", 400, text);
}
