import type { SqlRoleAssignmentCreateUpdateParameters } from "@azure/arm-cosmosdb";
import type { TestPrincipal } from "../../../arm/testing/resource-manager.ts";
import { type CosmosManager, startCosmosManager } from "./cosmos-manager.ts";

export const reader = "00000000-0000-0000-0000-000000000001";
export const contributor = "00000000-0000-0000-0000-000000000002";
/** The GUID of nothing. */
export const unknown = "99999999-8888-7777-6666-555555555555";
export const readMetadata = "Microsoft.DocumentDB/databaseAccounts/readMetadata";

/** An account called `account` and what writes its roles; principals are the service principal of `principal`. */
export interface RoleAccount extends CosmosManager {
  readonly account: string;
  readonly principal: TestPrincipal;
  guid(): string;
  definitionId(guid: string): string;
  /** Gives `principal` the reader role on `/dbs/shop`, but for `change`. */
  assign(
    guid: string,
    change?: SqlRoleAssignmentCreateUpdateParameters,
  ): ReturnType<CosmosManager["sql"]["createUpdateSqlRoleAssignment"]>;
  /** A role that may read metadata, assignable everywhere, but for `change`. */
  define(
    guid: string,
    change?: Readonly<Record<string, unknown>>,
  ): ReturnType<CosmosManager["sql"]["createUpdateSqlRoleDefinition"]>;
}

export async function startRoleAccount(): Promise<RoleAccount> {
  const manager = await startCosmosManager();
  const { rm, sql } = manager;
  const account = await manager.createAccount("account");
  const principal = rm.createPrincipal("workload");
  return {
    ...manager,
    account,
    principal,
    guid: () => rm.platform.ids.uuid(),
    definitionId: (guid) => `${account}/sqlRoleDefinitions/${guid}`,
    assign: (guid, change = {}) =>
      sql.createUpdateSqlRoleAssignment("rg", "account", guid, {
        principalId: principal.principalId,
        roleDefinitionId: `${account}/sqlRoleDefinitions/${reader}`,
        scope: `${account}/dbs/shop`,
        ...change,
      }),
    define: (guid, change = {}) =>
      sql.createUpdateSqlRoleDefinition("rg", "account", guid, {
        roleName: `role ${guid}`,
        type: "CustomRole",
        assignableScopes: [account],
        permissions: [{ dataActions: [readMetadata] }],
        ...change,
      }),
  };
}
