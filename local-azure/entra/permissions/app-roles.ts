import type { AppRoleAssignment } from "../directory/app-role-assignments.ts";
import type { Directory, DirectoryObject } from "../directory.ts";
import type { TokenResource } from "../resources.ts";
import { TokenError } from "../tokens/token-error.ts";

/** What a principal is assigned to at a resource. */
export interface Assigned {
  /** Values of its app roles, in the order in which the resource declares them. */
  readonly roles: readonly string[];
  /** Object ids of its groups through which it is assigned. */
  readonly groups: readonly string[];
}

/**
 * The app roles of a user or a service principal. A user also has those of the groups that hold them directly: roles do
 * not cascade to nested groups (https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal).
 */
export function assignedTo(
  directory: Directory,
  principal: DirectoryObject,
  resource: TokenResource,
): Assigned {
  const assignments = assignmentsOf(directory, principal, resource.servicePrincipal);
  const roleIds = new Set(assignments.map(({ appRoleId }) => appRoleId));
  return {
    roles: resource.appRoles.filter(({ id }) => roleIds.has(id.toLowerCase())).map(({ value }) => value),
    groups: [
      ...new Set(
        assignments.flatMap(({ principalId }) => (principalId === principal.id ? [] : [principalId])),
      ),
    ].sort(),
  };
}

function assignmentsOf(
  directory: Directory,
  principal: DirectoryObject,
  servicePrincipal: DirectoryObject,
): readonly AppRoleAssignment[] {
  const isMember = (groupId: string) =>
    principal.type === "user" && directory.memberships.membersOf(groupId).includes(principal.id);
  return directory.appRoleAssignments
    .toResource(servicePrincipal.id)
    .filter(({ principalId }) => principalId === principal.id || isMember(principalId));
}

/**
 * Holds a principal against `appRoleAssignmentRequired` of an application: a resource, or the client that a person signs
 * in to. Any assignment will do, be it without a role.
 *
 * @param servicePrincipal that of the application.
 * @throws TokenError 501051 for an application, 50105 for a user that is not assigned.
 */
export function requireAssignment(
  directory: Directory,
  principal: DirectoryObject,
  servicePrincipal: DirectoryObject,
): void {
  if (servicePrincipal.properties.appRoleAssignmentRequired !== true) return;
  if (assignmentsOf(directory, principal, servicePrincipal).length > 0) return;
  const { appId, displayName } = servicePrincipal;
  if (principal.type === "user") {
    const name = String(principal.properties.userPrincipalName);
    throw new TokenError(
      50105,
      "invalid_grant",
      400,
      `Your administrator has configured the application ${displayName} ('${appId}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '${name}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.`,
    );
  }
  throw new TokenError(
    501051,
    "invalid_grant",
    400,
    `Application '${principal.appId}'(${principal.displayName}) is not assigned to a role for the application '${appId}'(${displayName}).`,
  );
}
