import { actionMatches } from "./action-pattern.ts";
import type { ControlPlaneAssignment, ControlPlaneRole } from "./role-definition.ts";
import { scopeContains } from "./scope.ts";

export type ControlPlaneDecision =
  | { readonly allowed: true; readonly assignmentId: string }
  | { readonly allowed: false };

/**
 * Decides a resource-manager call: allowed when one assignment of one of `principalIds` reaches `scope` with a role whose
 * actions match and whose notActions do not
 * (https://learn.microsoft.com/azure/role-based-access-control/overview#how-azure-rbac-determines-if-a-user-has-access-to-a-resource).
 *
 * @param action for example `Microsoft.DocumentDB/databaseAccounts/listKeys/action`.
 * @param scope ARM id of what the call is on.
 */
export function decideControlPlane(
  assignments: Iterable<ControlPlaneAssignment>,
  roles: ReadonlyMap<string, ControlPlaneRole>,
  principalIds: readonly string[],
  action: string,
  scope: string,
): ControlPlaneDecision {
  const wanted = new Set(principalIds.map((id) => id.toLowerCase()));
  for (const assignment of assignments) {
    if (!wanted.has(assignment.principalId.toLowerCase()) || !scopeContains(assignment.scope, scope))
      continue;
    const role = roles.get(assignment.roleDefinitionId.toLowerCase());
    if (role !== undefined && roleAllows(role, action)) return { allowed: true, assignmentId: assignment.id };
  }
  return { allowed: false };
}

/** Tells whether a role's actions, less its notActions, hold `action`. */
export function roleAllows(role: ControlPlaneRole, action: string): boolean {
  return (
    role.actions.some((pattern) => actionMatches(pattern, action)) &&
    !role.notActions.some((pattern) => actionMatches(pattern, action))
  );
}
