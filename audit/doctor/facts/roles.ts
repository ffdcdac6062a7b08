import { z } from "zod";
import type { AzureCloud } from "../../../connection/azure-cloud.ts";
import { askAzure, listAzure } from "../../../connection/azure-request.ts";
import type { RoleAssignment, RoleDefinition } from "../../../rbac/cosmos/role-definition.ts";
import { parseDataScope } from "../../../rbac/cosmos/scope.ts";
import type { Seen } from "../check.ts";
import { look } from "./look.ts";

const cosmosVersion = "2025-10-15";
const authorizationVersion = "2022-04-01";

const definitionSchema = z.object({
  name: z.string(),
  properties: z.object({
    roleName: z.string(),
    permissions: z.array(z.object({ dataActions: z.array(z.string()).nullish() })),
  }),
});

const assignmentSchema = z.object({
  name: z.string(),
  properties: z.object({ principalId: z.string(), roleDefinitionId: z.string(), scope: z.string() }),
  systemData: z.object({ lastModifiedAt: z.string().nullish() }).nullish(),
});

/** A data-plane role assignment with what resource manager tells of its age. */
export interface LiveAssignment extends RoleAssignment {
  /** ISO 8601; undefined where resource manager does not tell. */
  readonly writtenAt: string | undefined;
}

/** The data-plane roles of an account as they are now. */
export interface LiveRoles {
  readonly definitions: readonly RoleDefinition[];
  readonly assignments: readonly LiveAssignment[];
}

/** Reads the account's role definitions and assignments from resource manager. */
export function readRoles(cloud: AzureCloud, accountId: string): Promise<Seen<LiveRoles>> {
  const needs =
    "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/read and sqlRoleDefinitions/read on the account (Cosmos DB Account Reader Role has them)";
  return look(needs, async () => {
    const list = <Item>(type: string, schema: z.ZodType<Item>) =>
      listAzure(cloud, "resourceManager", `${accountId}/${type}?api-version=${cosmosVersion}`, schema);
    const [definitions, assignments] = await Promise.all([
      list("sqlRoleDefinitions", definitionSchema),
      list("sqlRoleAssignments", assignmentSchema),
    ]);
    return {
      definitions: definitions.map(({ name, properties }) => ({
        id: name,
        name: properties.roleName,
        dataActions: properties.permissions.flatMap(({ dataActions }) => dataActions ?? []),
        assignableScopes: [],
      })),
      assignments: assignments.map(({ name, properties, systemData }) => ({
        id: name,
        principalId: properties.principalId.toLowerCase(),
        roleDefinitionId: lastSegment(properties.roleDefinitionId),
        scope: parseDataScope(properties.scope, accountId),
        writtenAt: systemData?.lastModifiedAt ?? undefined,
      })),
    };
  });
}

const controlPlaneSchema = z.object({
  properties: z.object({ roleDefinitionId: z.string(), scope: z.string() }),
});
const roleNameSchema = z.object({ properties: z.object({ roleName: z.string() }) });

/** A control-plane role that a principal holds on the account, there or above it. */
export interface ControlPlaneRight {
  readonly role: string;
  /** ARM id. */
  readonly scope: string;
}

/** The control-plane roles of a principal, through its groups too. */
export function readControlPlaneRights(
  cloud: AzureCloud,
  accountId: string,
  principalId: string,
): Promise<Seen<readonly ControlPlaneRight[]>> {
  const needs = "Microsoft.Authorization/roleAssignments/read on the account (Reader has it)";
  return look(needs, async () => {
    const filter = encodeURIComponent(`atScope() and assignedTo('${principalId}')`);
    const path = `${accountId}/providers/Microsoft.Authorization/roleAssignments?api-version=${authorizationVersion}&$filter=${filter}`;
    const assignments = await listAzure(cloud, "resourceManager", path, controlPlaneSchema);
    return Promise.all(
      assignments.map(async ({ properties: { roleDefinitionId, scope } }) => {
        const definition = `${roleDefinitionId}?api-version=${authorizationVersion}`;
        const answer = await askAzure(cloud, "resourceManager", "GET", definition);
        return { role: roleNameSchema.parse(answer).properties.roleName, scope };
      }),
    );
  });
}

function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
