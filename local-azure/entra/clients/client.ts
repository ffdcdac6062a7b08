import type { Directory, DirectoryObject } from "../directory.ts";
import { azureCli } from "../first-party.ts";
import { type Registration, readRegistration } from "../registration.ts";
import { quotable } from "../tokens/token-error.ts";
import { unauthorizedClient } from "./refusals.ts";

/** The application that asks for tokens. */
export interface Client {
  /** Its service principal. */
  readonly principal: DirectoryObject;
  /** Undefined for Microsoft's applications and for managed identities. */
  readonly registration: Registration | undefined;
  /** Object ids under which its credentials stand. */
  readonly holders: readonly string[];
}

/** @throws TokenError 700016 unknown client, 7000229 no service principal. */
export function findClient(clientId: string, directory: Directory, tenantId: string): Client {
  const application = directory.findApplicationByAppId(clientId);
  const principal = directory.findServicePrincipalByAppId(clientId);
  if (principal !== undefined) {
    return {
      principal,
      registration: application && readRegistration(application),
      holders: [application, principal].flatMap((holder) => holder?.id ?? []),
    };
  }
  throw application === undefined
    ? unauthorizedClient(
        700016,
        `Application with identifier '${quotable(clientId, 100)}' was not found in the directory '${tenantId}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
      )
    : unauthorizedClient(
        7000229,
        `The client application '${application.appId}' is missing service principal in the tenant '${tenantId}'. Create one for it in this tenant.`,
      );
}

/** Whether the client keeps no secret in flows that know no redirect URI: device code, password. */
export function isPublicWithoutRedirect({ principal, registration }: Client): boolean {
  return principal.appId === azureCli.appId || registration?.isFallbackPublicClient === true;
}
