import { type DataAction, dataActions } from "./data-actions.ts";

/**
 * The data actions that each operation of the data plane needs, all of them. Patch is decided as a replace, which
 * Microsoft does not document; a batch needs the actions of each of its operations.
 */
export const operationActions = {
  readAccount: [dataActions.readMetadata],
  readDatabase: [dataActions.readMetadata],
  readContainer: [dataActions.readMetadata],
  readPartitionKeyRanges: [dataActions.readMetadata],
  createItem: [dataActions.createItem],
  readItem: [dataActions.readItem],
  replaceItem: [dataActions.replaceItem],
  upsertItem: [dataActions.upsertItem],
  patchItem: [dataActions.replaceItem],
  deleteItem: [dataActions.deleteItem],
  queryItems: [dataActions.executeQuery],
  readFeed: [dataActions.readChangeFeed],
  readChangeFeed: [dataActions.readChangeFeed],
  executeStoredProcedure: [dataActions.executeStoredProcedure],
} as const satisfies Record<string, readonly DataAction[]>;

export type DataOperation = keyof typeof operationActions;
