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
  return decide(assignments, principalIds, scope, (roleDefinitionId) => {
    const role = roles.get(roleDefinitionId);
    return role !== undefined && roleAllows(role, action);
  });
}

/**
 * Decides a call on data that its service leaves to Azure RBAC, by the roles' dataActions less their notDataActions: no
 * control-plane action, not even `*`, holds a data action
 * (https://learn.microsoft.com/azure/role-based-access-control/role-definitions#control-and-data-actions).
 *
 * @param dataAction for example `Microsoft.KeyVault/vaults/secrets/getSecret/action`.
 * @param scope ARM id of what the call is on, for example `<vault id>/secrets/<name>`.
 */
export function decideDataPlane(
  assignments: Iterable<ControlPlaneAssignment>,
  roles: ReadonlyMap<string, ControlPlaneRole>,
  principalIds: readonly string[],
  dataAction: string,
  scope: string,
): ControlPlaneDecision {
  return decide(assignments, principalIds, scope, (roleDefinitionId) => {
    const role = roles.get(roleDefinitionId);
    return role !== undefined && roleAllowsData(role, dataAction);
  });
}

function decide(
  assignments: Iterable<ControlPlaneAssignment>,
  principalIds: readonly string[],
  scope: string,
  allows: (roleDefinitionId: string) => boolean,
): ControlPlaneDecision {
  const wanted = new Set(principalIds.map((id) => id.toLowerCase()));
  for (const assignment of assignments) {
    if (!wanted.has(assignment.principalId.toLowerCase()) || !scopeContains(assignment.scope, scope))
      continue;
    if (allows(assignment.roleDefinitionId.toLowerCase()))
      return { allowed: true, assignmentId: assignment.id };
  }
  return { allowed: false };
}

/** Tells whether a role's actions, less its notActions, hold `action`. */
export function roleAllows({ actions, notActions }: ControlPlaneRole, action: string): boolean {
  return holds(actions, notActions, action);
}

/** Tells whether a role's dataActions, less its notDataActions, hold `dataAction`. */
export function roleAllowsData(
  { dataActions = [], notDataActions = [] }: Pick<ControlPlaneRole, "dataActions" | "notDataActions">,
  dataAction: string,
): boolean {
  return holds(dataActions, notDataActions, dataAction);
}

function holds(granted: readonly string[], taken: readonly string[], action: string): boolean {
  return (
    granted.some((pattern) => actionMatches(pattern, action)) &&
    !taken.some((pattern) => actionMatches(pattern, action))
  );
}
