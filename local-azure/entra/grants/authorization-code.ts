import { createHash, timingSafeEqual } from "node:crypto";
import { resolveRedirect } from "../sign-in/redirect-uris.ts";
import { invalidGrant, quotable, TokenError } from "../tokens/token-error.ts";
import type { AuthorizationCodeRequest } from "../tokens/token-request.ts";
import type { UserGrant } from "./grant.ts";
import { userOfGrant } from "./user-of-grant.ts";

/**
 * Authorization code with PKCE: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 *
 * Refusals: 9002313 for what is no code, 70000 for another client's, 54005 for one that was redeemed, 70008 for one that is
 * too old, 500112 for another redirect URI than it was made for, 501481 where the verifier does not fit.
 */
export const authorizationCodeGrant: UserGrant<AuthorizationCodeRequest> = {
  category: "SignInLogs",
  protocol: "oAuth2",
  isPublic: ({ redirectUri }, client) => resolveRedirect(client, redirectUri).isPublic,
  redeem(request, { principal }, { codes, directory }) {
    const stored = codes.find(request.code);
    if (stored === undefined)
      throw invalidGrant(9002313, "Invalid request. Request is malformed or invalid.");
    if (stored.clientId !== principal.appId) {
      throw invalidGrant(70000, "Provided grant is invalid or malformed. The code is one of another client.");
    }
    if (stored.isRedeemed) throw alreadyRedeemed();
    if (stored.isExpired) {
      throw invalidGrant(
        70008,
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.",
      );
    }
    if (stored.redirectUri !== request.redirectUri) {
      throw new TokenError(
        500112,
        "invalid_client",
        400,
        `The reply address '${quotable(request.redirectUri)}' does not match the reply address '${stored.redirectUri}' provided when requesting Authorization code.`,
      );
    }
    requireVerifier(request.codeVerifier, stored.codeChallenge);
    return {
      user: userOfGrant(directory, stored.userId),
      scope: request.scope ?? stored.scope,
      agreedScope: stored.scope,
      nonce: stored.nonce,
      spend() {
        if (!codes.redeem(request.code)) throw alreadyRedeemed();
      },
    };
  },
};

/**
 * A verifier where no challenge was given is refused too: somebody may have taken the challenge out of the request
 * (https://www.rfc-editor.org/rfc/rfc9700#section-4.8.2).
 */
function requireVerifier(verifier: string | undefined, challenge: string | undefined): void {
  if (verifier === undefined && challenge === undefined) return;
  const isWellFormed = verifier !== undefined && /^[\w.~-]{43,128}$/.test(verifier);
  if (isWellFormed && challenge !== undefined) {
    const offered = createHash("sha256").update(verifier).digest();
    const wanted = Buffer.from(challenge, "base64url");
    if (offered.length === wanted.length && timingSafeEqual(offered, wanted)) return;
  }
  throw invalidGrant(
    501481,
    "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
  );
}

function alreadyRedeemed(): TokenError {
  return invalidGrant(
    54005,
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
  );
}
