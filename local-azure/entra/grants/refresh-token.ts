import { isPublicWithoutRedirect } from "../clients/client.ts";
import { invalidGrant } from "../tokens/token-error.ts";
import type { RefreshTokenRequest } from "../tokens/token-request.ts";
import type { UserGrant } from "./grant.ts";
import { refreshTokenLifeDays } from "./refresh-tokens.ts";
import { userOfGrant } from "./user-of-grant.ts";

/**
 * Refresh tokens, for the same resource or another one: https://learn.microsoft.com/entra/identity-platform/refresh-tokens
 *
 * Refusals: 9002313 for what is no token, 70000 for another client's, 700082 for one that has expired, 50173 for one from
 * before the user's password was set.
 */
export const refreshTokenGrant: UserGrant<RefreshTokenRequest> = {
  category: "NonInteractiveUserSignInLogs",
  protocol: "oAuth2",
  isPublic: ({ refreshToken }, client, { refreshTokens }) =>
    refreshTokens.find(refreshToken)?.isPublic ?? isPublicWithoutRedirect(client),
  redeem({ refreshToken, scope }, { principal }, { refreshTokens, directory }) {
    const stored = refreshTokens.find(refreshToken);
    if (stored === undefined)
      throw invalidGrant(9002313, "Invalid request. Request is malformed or invalid.");
    if (stored.clientId !== principal.appId) {
      throw invalidGrant(
        70000,
        "Provided grant is invalid or malformed. The refresh token is one of another client.",
      );
    }
    if (stored.isExpired) {
      throw invalidGrant(
        700082,
        `The refresh token has expired due to inactivity. The token was issued on ${stored.issuedAt.toISOString()} and was inactive for ${refreshTokenLifeDays}.00:00:00.`,
      );
    }
    const user = userOfGrant(directory, stored.userId);
    const passwordSetAt = directory.userPasswords.setAt(user.id);
    if (passwordSetAt !== undefined && stored.issuedAt < passwordSetAt) {
      throw invalidGrant(
        50173,
        `The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '${stored.issuedAt.toISOString()}' and the TokensValidFrom date (before which tokens are not valid) for this user is '${passwordSetAt.toISOString()}'.`,
      );
    }
    return {
      user,
      scope: scope ?? stored.scope,
      agreedScope: stored.scope,
    };
  },
};
