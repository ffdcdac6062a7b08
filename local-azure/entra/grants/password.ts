import { isPublicWithoutRedirect } from "../clients/client.ts";
import { signInPerson } from "../sign-in/person.ts";
import type { PasswordRequest } from "../tokens/token-request.ts";
import type { UserGrant } from "./grant.ts";

/** Resource owner password credentials: https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc */
export const passwordGrant: UserGrant<PasswordRequest> = {
  category: "SignInLogs",
  protocol: "ropc",
  isPublic: (_, client) => isPublicWithoutRedirect(client),
  redeem({ username, password, scope }, _, { directory, platform }) {
    const user = signInPerson(directory, platform.tenantId, username, password);
    return { user, scope, agreedScope: scope };
  },
};
