import { containerWildcard, dataActions, itemWildcard } from "./data-actions.ts";

/** A role definition that every account has. */
export interface BuiltInRole {
  /** GUID of the definition, the same on every account. */
  readonly id: string;
  readonly name: string;
  readonly dataActions: readonly string[];
}

/**
 * The built-in data-plane roles, by the short name that settings use
 * (https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security#built-in-role-definitions).
 */
export const builtInRoles = {
  reader: {
    id: "00000000-0000-0000-0000-000000000001",
    name: "Cosmos DB Built-in Data Reader",
    dataActions: [
      dataActions.readMetadata,
      dataActions.readItem,
      dataActions.executeQuery,
      dataActions.readChangeFeed,
    ],
  },
  contributor: {
    id: "00000000-0000-0000-0000-000000000002",
    name: "Cosmos DB Built-in Data Contributor",
    dataActions: [dataActions.readMetadata, containerWildcard, itemWildcard],
  },
} as const satisfies Record<string, BuiltInRole>;
