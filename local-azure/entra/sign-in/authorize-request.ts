import { readDelegatedScope } from "../permissions/delegated-scope.ts";
import { invalidRequest, quotable, TokenError } from "../tokens/token-error.ts";
import { optional, readClientId, readScope, required, requireSingle } from "../tokens/token-request.ts";

export type ResponseMode = "query" | "fragment" | "form_post";

/** Who asks, and where the answer goes: to be checked before anything is sent there. */
export interface AuthorizeAddress {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly state: string | undefined;
}

/** The rest of the query of `/authorize`. */
export interface AuthorizeRequest {
  readonly scope: string;
  readonly nonce: string | undefined;
  /** S256 challenge of PKCE. */
  readonly codeChallenge: string | undefined;
  readonly loginHint: string;
}

const responseModes: readonly ResponseMode[] = ["query", "fragment", "form_post"];

/** @throws TokenError 9000411, 900144, 90013, 900971 without a redirect URI, 70007 for another response mode. */
export function readAuthorizeAddress(query: URLSearchParams): AuthorizeAddress {
  requireSingle(query);
  const clientId = readClientId(query);
  const redirectUri = optional(query, "redirect_uri");
  if (redirectUri === undefined) throw invalidRequest(900971, "No reply address provided.");
  const asked = query.get("response_mode") ?? "query";
  const responseMode = responseModes.find((mode) => mode === asked);
  if (responseMode === undefined) {
    throw invalidRequest(
      70007,
      `'${quotable(asked)}' is not a supported value of 'response_mode' when requesting a code. Use ${responseModes.join(", ")}.`,
    );
  }
  return { clientId, redirectUri, responseMode, state: optional(query, "state") };
}

/**
 * Reads what is asked for; its refusals are told to the client.
 *
 * @throws TokenError 700054 for another response type than `code`, 900144 without a scope, 70011 and 700022 for a scope
 * that is none, 501491 for a challenge of another size, 90013 for another method than S256, 50058 for `prompt=none`, as
 * nobody stays signed in here.
 */
export function readAuthorizeRequest(query: URLSearchParams): AuthorizeRequest {
  const responseType = required(query, "response_type");
  if (responseType !== "code") {
    throw new TokenError(
      700054,
      "unsupported_response_type",
      400,
      `response_type '${quotable(responseType)}' is not enabled for the application. This token service answers with a code only.`,
    );
  }
  const scope = readScope(query);
  readDelegatedScope(scope);
  if (query.get("prompt") === "none") {
    throw new TokenError(
      50058,
      "login_required",
      400,
      "A silent sign-in request was sent but no user is signed in.",
    );
  }
  return {
    scope,
    nonce: optional(query, "nonce"),
    codeChallenge: readChallenge(query),
    loginHint: query.get("login_hint") ?? "",
  };
}

function readChallenge(query: URLSearchParams): string | undefined {
  const challenge = optional(query, "code_challenge");
  const method = optional(query, "code_challenge_method");
  if (challenge === undefined && method === undefined) return undefined;
  if (method !== "S256") {
    throw invalidRequest(
      90013,
      `Invalid input received from the user. The parameter 'code_challenge_method' is '${quotable(method ?? "plain")}'; it must be 'S256'.`,
    );
  }
  if (challenge === undefined || !/^[\w-]{43}$/.test(challenge)) {
    throw invalidRequest(501491, "Invalid size of Code_Challenge parameter.");
  }
  return challenge;
}
