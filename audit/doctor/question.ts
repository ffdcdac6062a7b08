import { ConnectionError } from "../../connection/connection-error.ts";
import { type DataAction, dataActions } from "../../rbac/cosmos/data-actions.ts";
import { type DataOperation, operationActions } from "../../rbac/cosmos/operations.ts";
import type { DataScope } from "../../rbac/cosmos/scope.ts";

/** Operations that no token may do on the data plane, whatever the grants: they are resource manager's. */
export const managementOperations = [
  "createDatabase",
  "deleteDatabase",
  "createContainer",
  "replaceContainer",
  "deleteContainer",
  "changeThroughput",
] as const;

export type ManagementOperation = (typeof managementOperations)[number];
export type Operation = DataOperation | ManagementOperation;

export const operations: readonly Operation[] = [
  ...(Object.keys(operationActions) as DataOperation[]),
  ...managementOperations,
];

export function isManagement(operation: Operation): operation is ManagementOperation {
  return (managementOperations as readonly string[]).includes(operation);
}

/** Whose access to what is in question. */
export interface Question {
  readonly target: DataScope;
  readonly operation: Operation;
  /** Create an item where the operation is one that creates. */
  readonly write: boolean;
  /** Where the principal calls from, when that is not here. */
  readonly address?: string;
}

/**
 * Reads a target as the settings write scopes: `account`, `<database>` or `<database>/<container>`.
 *
 * @throws ConnectionError KC-DOCTOR-TARGET.
 */
export function parseTarget(text: string): DataScope {
  const [database = "", container, ...more] = text.split("/");
  if (text === "account" || text === "/") return {};
  if (database === "" || container === "" || more.length > 0) {
    throw new ConnectionError(
      "KC-DOCTOR-TARGET",
      `"${text}" is not a target.`,
      "Write account, <database> or <database>/<container>.",
    );
  }
  return container === undefined ? { database } : { database, container };
}

/** The form that `parseTarget` reads. */
export function formatTarget({ database, container }: DataScope): string {
  if (database === undefined) return "account";
  return container === undefined ? database : `${database}/${container}`;
}

/** The data actions that an operation needs at its target; SDKs read the container's definition before anything else. */
export function actionsOf(operation: DataOperation): readonly DataAction[] {
  return [...new Set<DataAction>([dataActions.readMetadata, ...operationActions[operation]])];
}

/** The operation that stands for "reaching" a target when none is named. */
export function operationFor({ database, container }: DataScope): DataOperation {
  if (database === undefined) return "readAccount";
  return container === undefined ? "readDatabase" : "readItem";
}
