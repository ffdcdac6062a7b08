import { DataPlaneAuthorizer } from "../../../rbac/cosmos/authorizer.ts";
import { builtInRoles } from "../../../rbac/cosmos/built-in-roles.ts";
import type { RoleAssignment, RoleDefinition } from "../../../rbac/cosmos/role-definition.ts";
import { parseDataScope } from "../../../rbac/cosmos/scope.ts";
import type { ArmResource, ResourceStore } from "../../arm/resource-store.ts";

const definitionType = "Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions";

/** Compiles the account's role definitions, built-in ones included, and `roleAssignments`. */
export function readAccessRules(
  resources: ResourceStore,
  accountId: string,
  roleAssignments: readonly ArmResource[],
): DataPlaneAuthorizer {
  const definitions: RoleDefinition[] = Object.values(builtInRoles).map((role) => ({
    ...role,
    assignableScopes: [{}],
  }));
  for (const resource of resources.list(definitionType, accountId))
    definitions.push(readDefinition(resource));
  const assignments = roleAssignments.flatMap((resource) => readAssignment(resource, accountId) ?? []);
  return new DataPlaneAuthorizer(definitions, assignments);
}

function readDefinition(resource: ArmResource): RoleDefinition {
  const permissions = resource.properties.permissions as { dataActions?: string[] }[] | undefined;
  return {
    id: resource.name,
    name: String(resource.properties.roleName ?? resource.name),
    dataActions: (permissions ?? []).flatMap((permission) => permission.dataActions ?? []),
    assignableScopes: [],
  };
}

/** An assignment that cannot be read grants nothing. */
function readAssignment(resource: ArmResource, accountId: string): RoleAssignment | undefined {
  const { principalId, roleDefinitionId, scope } = resource.properties;
  if (typeof principalId !== "string" || typeof roleDefinitionId !== "string" || typeof scope !== "string") {
    return undefined;
  }
  try {
    return {
      id: resource.name,
      principalId,
      roleDefinitionId: roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1),
      scope: parseDataScope(scope, accountId),
    };
  } catch {
    return undefined;
  }
}
