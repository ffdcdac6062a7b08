import { TokenError } from "../tokens/token-error.ts";

/** 400 `unauthorized_client`: the client may not use the token service so. */
export function unauthorizedClient(code: number, text: string): TokenError {
  return new TokenError(code, "unauthorized_client", 400, text);
}

/** 401 `invalid_client`: the client has not proven itself. */
export function invalidClient(code: number, text: string): TokenError {
  return new TokenError(code, "invalid_client", 401, text);
}
