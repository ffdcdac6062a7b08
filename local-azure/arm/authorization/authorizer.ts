import { builtInControlPlaneRoles } from "../../../rbac/azure/built-in-roles.ts";
import { decideControlPlane, decideDataPlane } from "../../../rbac/azure/decide.ts";
import type { ControlPlaneAssignment, ControlPlaneRole } from "../../../rbac/azure/role-definition.ts";
import { scopeContains } from "../../../rbac/azure/scope.ts";
import type { Directory } from "../../entra/directory.ts";
import type { VerifiedToken } from "../../entra/tokens/verify.ts";
import { lastSegment } from "../arm-id.ts";
import type { ArmResource, ResourceStore } from "../resource-store.ts";
import { roleAssignmentType, roleDefinitionType } from "./types.ts";

/** Decides control-plane calls, and those on data that Azure RBAC governs, by the role assignments that stand in resource manager. */
export interface ControlPlaneAuthorizer {
  /**
   * @param action for example `Microsoft.DocumentDB/databaseAccounts/read`.
   * @param scope ARM id of what the call is on.
   */
  authorize(principal: VerifiedToken, action: string, scope: string): boolean;
  /**
   * Decides a call on data of a service that leaves that to Azure RBAC.
   *
   * @param dataAction for example `Microsoft.KeyVault/vaults/secrets/getSecret/action`.
   * @param scope ARM id of what the call is on, whether resource manager knows it or not.
   */
  authorizeData(principal: VerifiedToken, dataAction: string, scope: string): boolean;
  /** The decision of `authorize` for object ids: the caller's and those of its groups. */
  allows(principalIds: readonly string[], action: string, scope: string): boolean;
  /** Whether one of `principalIds` has any role at `scope`, above it or anywhere below it. */
  hasRoleWithin(principalIds: readonly string[], scope: string): boolean;
  /** Object ids of the groups that the principal is in, by its token and by the directory. */
  groupsOf(principal: VerifiedToken): readonly string[];
}

interface Grants {
  readonly assignments: readonly ControlPlaneAssignment[];
  /** By GUID in lower case. */
  readonly roles: ReadonlyMap<string, ControlPlaneRole>;
}

/** An authorizer over `resources`; its compiled grants are thrown away whenever a role type changes. */
export function createControlPlaneAuthorizer(
  resources: ResourceStore,
  directory: Directory,
): ControlPlaneAuthorizer {
  let compiled: Grants | undefined;
  resources.observe((change) => {
    const { type } = change.kind === "put" ? change.after : change.before;
    if (type === roleAssignmentType || type === roleDefinitionType) compiled = undefined;
  });
  const grants = () => {
    compiled ??= compile(resources);
    return compiled;
  };
  const groupsOf = ({ principalId, groups }: VerifiedToken) => [
    ...new Set([...groups, ...directory.groupsOf(principalId)]),
  ];
  const idsOf = (principal: VerifiedToken) => [principal.principalId, ...groupsOf(principal)];
  const allows = (principalIds: readonly string[], action: string, scope: string) => {
    const { assignments, roles } = grants();
    return decideControlPlane(assignments, roles, principalIds, action, scope).allowed;
  };
  return {
    groupsOf,
    allows,
    authorize: (principal, action, scope) => allows(idsOf(principal), action, scope),
    authorizeData(principal, dataAction, scope) {
      const { assignments, roles } = grants();
      return decideDataPlane(assignments, roles, idsOf(principal), dataAction, scope).allowed;
    },
    hasRoleWithin(principalIds, scope) {
      const ids = new Set(principalIds);
      return grants().assignments.some(
        (assignment) =>
          ids.has(assignment.principalId) &&
          (scopeContains(assignment.scope, scope) || scopeContains(scope, assignment.scope)),
      );
    },
  };
}

function compile(resources: ResourceStore): Grants {
  const custom = resources.list(roleDefinitionType).map(readRole);
  return {
    roles: new Map([...builtInControlPlaneRoles, ...custom].map((role) => [role.id.toLowerCase(), role])),
    assignments: resources.list(roleAssignmentType).map(({ name, properties }) => ({
      id: name,
      principalId: String(properties.principalId).toLowerCase(),
      roleDefinitionId: lastSegment(String(properties.roleDefinitionId)),
      scope: String(properties.scope),
    })),
  };
}

interface Permission {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

function readRole({ name, properties }: ArmResource): ControlPlaneRole {
  const permissions = properties.permissions as readonly Permission[];
  return {
    id: name,
    name: String(properties.roleName),
    description: String(properties.description ?? ""),
    actions: permissions.flatMap(({ actions = [] }) => actions),
    notActions: permissions.flatMap(({ notActions = [] }) => notActions),
    dataActions: permissions.flatMap(({ dataActions = [] }) => dataActions),
    notDataActions: permissions.flatMap(({ notDataActions = [] }) => notDataActions),
  };
}
