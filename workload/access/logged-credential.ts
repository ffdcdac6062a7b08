import type { TokenCredential } from "@azure/identity";
import { refusalOfToken } from "../failures/refusal-by-azure.ts";
import type { AccessOptions } from "./access-mode.ts";
import { tokenClaims } from "./token-claims.ts";

export interface LoggedCredential extends TokenCredential {
  /** Object id in the last token; before the first one, what was given. */
  readonly principal: string;
}

/**
 * A credential whose failures are logged.
 *
 * @param principal whom its tokens are for, as far as it is known before the first one.
 */
export function loggedCredential(
  credential: TokenCredential,
  principal: string,
  { log, accountScope }: Pick<AccessOptions, "log" | "accountScope">,
): LoggedCredential {
  let known = principal;
  return {
    get principal() {
      return known;
    },
    async getToken(scopes, options) {
      const resource = typeof scopes === "string" ? scopes : scopes.join(" ");
      try {
        const token = await credential.getToken(scopes, options);
        const { oid } = token === null ? {} : tokenClaims(token.token);
        if (typeof oid === "string") known = oid;
        return token;
      } catch (error) {
        const failure = refusalOfToken(error, { principal: known, action: "getToken", resource });
        const goesOn = failure.code === "AADSTS500011" && resource === accountScope;
        if (!goesOn) log(failure);
        throw error;
      }
    },
  };
}
