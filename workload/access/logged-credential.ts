import type { TokenCredential } from "@azure/identity";
import type { FailureLog } from "../failures/access-failure.ts";
import { refusalOfToken } from "../failures/refusal-by-azure.ts";
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
  log: FailureLog,
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
        // The client of Cosmos DB asks for the account's own scope first, and for the common one where it is unknown.
        if (failure.code !== "AADSTS500011") log(failure);
        throw error;
      }
    },
  };
}
