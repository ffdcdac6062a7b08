import type { Directory, DirectoryObject } from "./directory.ts";
import { TokenError } from "./token-error.ts";
import type { TokenRequest } from "./token-request.ts";

/**
 * The service principal of the client that a token request names, once its secret is proven.
 *
 * @throws TokenError 700016 unknown client, 7000229 no service principal, 7000216 no credential, 700027 an assertion (no
 * application here has a certificate or a federated credential), 7000215 wrong secret, 7000222 expired secret.
 */
export function authenticateClient(
  request: TokenRequest,
  directory: Directory,
  tenantId: string,
): DirectoryObject {
  const { clientId, clientSecret } = request;
  const application = directory.findApplicationByAppId(clientId);
  const principal = directory.findServicePrincipalByAppId(clientId);
  if (principal === undefined) {
    throw application === undefined
      ? unauthorized(
          700016,
          `Application with identifier '${printable(clientId)}' was not found in the directory '${tenantId}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
        )
      : unauthorized(
          7000229,
          `The client application '${application.appId}' is missing service principal in the tenant '${tenantId}'. Create one for it in this tenant.`,
        );
  }
  if (clientSecret === undefined) {
    throw request.hasAssertion
      ? invalidClient(
          700027,
          `The certificate with identifier used to sign the client assertion is not registered on application. The application '${principal.appId}' has neither a certificate nor a federated credential.`,
        )
      : invalidClient(
          7000216,
          "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
        );
  }
  const holders = [application, principal].flatMap((holder) => holder?.id ?? []);
  const outcome = directory.passwords.check(holders, clientSecret);
  if (outcome === "expired") {
    throw invalidClient(
      7000222,
      `The provided client secret keys for app '${principal.appId}' are expired. Create new keys for the app.`,
    );
  }
  if (outcome === "wrong") {
    throw invalidClient(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${principal.appId}'.`,
    );
  }
  return principal;
}

function unauthorized(code: number, text: string): TokenError {
  return new TokenError(code, "unauthorized_client", 400, text);
}

function invalidClient(code: number, text: string): TokenError {
  return new TokenError(code, "invalid_client", 401, text);
}

function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, "?");
}
