import { isPublicWithoutRedirect } from "../clients/client.ts";
import { invalidGrant, TokenError } from "../tokens/token-error.ts";
import type { DeviceCodeRequest } from "../tokens/token-request.ts";
import type { UserGrant } from "./grant.ts";
import { userOfGrant } from "./user-of-grant.ts";

/**
 * Device code: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
 *
 * Refusals: 70016 while nobody has approved it, 70019 when it is too old, 70018 for what is no code or another client's,
 * 54005 for one that was redeemed.
 */
export const deviceCodeGrant: UserGrant<DeviceCodeRequest> = {
  category: "SignInLogs",
  protocol: "deviceCode",
  isPublic: (_, client) => isPublicWithoutRedirect(client),
  redeem({ deviceCode }, { principal }, { deviceCodes, directory }) {
    const stored = deviceCodes.find(deviceCode);
    if (stored === undefined || stored.clientId !== principal.appId) {
      throw new TokenError(
        70018,
        "bad_verification_code",
        400,
        "Invalid verification code: this client has no such device code.",
      );
    }
    if (stored.isRedeemed) throw alreadyRedeemed();
    if (stored.isExpired) {
      throw new TokenError(
        70019,
        "expired_token",
        400,
        "Verification code expired. Have the user retry the sign-in.",
      );
    }
    if (stored.userId === undefined) {
      throw new TokenError(
        70016,
        "authorization_pending",
        400,
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
      );
    }
    return {
      user: userOfGrant(directory, stored.userId),
      scope: stored.scope,
      agreedScope: stored.scope,
      spend() {
        if (!deviceCodes.redeem(deviceCode)) throw alreadyRedeemed();
      },
    };
  },
};

function alreadyRedeemed(): TokenError {
  return invalidGrant(
    54005,
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
  );
}
