import type { Directory, DirectoryObject } from "../directory.ts";
import { azureCli } from "../first-party.ts";
import type { TokenResource } from "../resources.ts";
import { TokenError } from "../tokens/token-error.ts";
import type { DelegatedScope } from "./delegated-scope.ts";

/**
 * The delegated permissions that `client` has at the resource for `user`: by the grants that stand in the directory
 * (`oauth2PermissionGrants`), and by pre-authorization, of the resource's own registration or of Microsoft's between its
 * own applications.
 */
function consentedScopes(
  directory: Directory,
  client: DirectoryObject,
  user: DirectoryObject,
  resource: TokenResource,
): ReadonlySet<string> {
  const { servicePrincipal, registration } = resource;
  const granted = directory.permissionGrants
    .ofClient(client.id)
    .filter(({ resourceId }) => resourceId === servicePrincipal.id)
    .filter(({ consentType, principalId }) => consentType === "AllPrincipals" || principalId === user.id)
    .flatMap(({ scope }) => scope.split(" "));
  const preAuthorizedIds = (registration?.preAuthorized ?? [])
    .filter(({ appId }) => appId.toLowerCase() === client.appId)
    .flatMap(({ delegatedPermissionIds }) => delegatedPermissionIds);
  const isFirstPartyPair = client.appId === azureCli.appId && registration === undefined;
  const consented = resource.scopes.filter(
    ({ id, value }) => isFirstPartyPair || preAuthorizedIds.includes(id) || granted.includes(value),
  );
  return new Set(consented.map(({ value }) => value));
}

/** Scopes of OpenID Connect: a client that someone signs in to may know who they are. */
const identityScopes = ["openid", "profile", "email"];

/**
 * The permissions that stand in `scp` of a token: all that are consented, as Entra gives them, and not only those that
 * were asked for.
 *
 * @throws TokenError 650053 for a scope that the resource does not have, 65001 for one that is not consented, or for
 * `/.default` where nothing is.
 */
export function decideScopes(
  asked: DelegatedScope,
  { directory, client, user, resource }: ScopeDecision,
): readonly string[] {
  const known = new Set(resource.scopes.map(({ value }) => value));
  const unknown = asked.permissions.find((permission) => !known.has(permission));
  if (unknown !== undefined) {
    throw new TokenError(
      650053,
      "invalid_client",
      400,
      `The application '${client.displayName}' asked for scope '${unknown.slice(0, 100)}' that doesn't exist on the resource '${resource.servicePrincipal.appId}'. Contact the app vendor.`,
    );
  }
  const consented = consentedScopes(directory, client, user, resource);
  const isRefused = asked.asksIdentityOnly
    ? false
    : asked.asksDefault
      ? consented.size === 0
      : asked.permissions.some((permission) => !consented.has(permission));
  if (isRefused) {
    throw new TokenError(
      65001,
      "invalid_grant",
      400,
      `The user or administrator has not consented to use the application with ID '${client.appId}' named '${client.displayName}'. Send an interactive authorization request for this user and resource.`,
      "consent_required",
    );
  }
  const ofIdentity = asked.asksIdentityOnly ? identityScopes.filter((scope) => asked.openId.has(scope)) : [];
  return [...new Set([...consented, ...ofIdentity])].filter((scope) => scope !== "offline_access").sort();
}

export interface ScopeDecision {
  readonly directory: Directory;
  readonly client: DirectoryObject;
  readonly user: DirectoryObject;
  readonly resource: TokenResource;
}
