import type { GrantScope } from "../settings/grant-scope.ts";

const PREFIX = "Microsoft.DocumentDB/databaseAccounts";

/** A role that every account has, by the name that grants use for it. */
export interface BuiltInRole {
  /** GUID of the role definition within the account. */
  readonly id: string;
  readonly dataActions: readonly string[];
}

const BUILT_IN: Readonly<Record<string, BuiltInRole>> = {
  reader: {
    id: "00000000-0000-0000-0000-000000000001",
    dataActions: [
      `${PREFIX}/readMetadata`,
      `${PREFIX}/sqlDatabases/containers/items/read`,
      `${PREFIX}/sqlDatabases/containers/executeQuery`,
      `${PREFIX}/sqlDatabases/containers/readChangeFeed`,
    ],
  },
  contributor: {
    id: "00000000-0000-0000-0000-000000000002",
    dataActions: [
      `${PREFIX}/readMetadata`,
      `${PREFIX}/sqlDatabases/containers/*`,
      `${PREFIX}/sqlDatabases/containers/items/*`,
    ],
  },
};

/**
 * A built-in role by the name that grants use.
 *
 * @throws for another name; the settings were checked before.
 */
export function builtInRole(name: string): BuiltInRole {
  const role = BUILT_IN[name];
  if (role === undefined)
    throw new Error(`${name} is no built-in role: use ${Object.keys(BUILT_IN).join(" or ")}.`);
  return role;
}

/** Resource manager id of a role definition of an account. */
export function roleDefinitionResourceId(accountId: string, definitionId: string): string {
  return `${accountId}/sqlRoleDefinitions/${definitionId}`;
}

/** A scope as Cosmos DB stores it. */
export function dataScopeId(accountId: string, { database, container }: GrantScope): string {
  if (database === undefined) return accountId;
  return container === undefined
    ? `${accountId}/dbs/${database}`
    : `${accountId}/dbs/${database}/colls/${container}`;
}
