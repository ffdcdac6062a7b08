import { type Operation, operations } from "./operations.ts";

/** How the data-plane log names an operation, and the kind of resource that it is on. */
export interface LoggedOperation {
  readonly operationName: string;
  readonly resourceType: string;
}

/**
 * `<OperationName> <RequestResourceType>` of each operation, in the names of the service's OperationType and
 * ResourceType, which Azure's log is written in (hosting-wire reference, section 8;
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/cdbdataplanerequests). `*` is named by its method.
 */
const names: Readonly<Record<keyof typeof operations, string>> = {
  readAccount: "Read DatabaseAccount",
  listDatabases: "ReadFeed Database",
  queryDatabases: "Query Database",
  createDatabase: "Create Database",
  readDatabase: "Read Database",
  deleteDatabase: "Delete Database",
  listContainers: "ReadFeed Collection",
  queryContainers: "Query Collection",
  createContainer: "Create Collection",
  readContainer: "Read Collection",
  replaceContainer: "Replace Collection",
  deleteContainer: "Delete Collection",
  listPartitionKeyRanges: "ReadFeed PartitionKeyRange",
  readItem: "Read Document",
  createItem: "Create Document",
  upsertItem: "Upsert Document",
  replaceItem: "Replace Document",
  patchItem: "Patch Document",
  deleteItem: "Delete Document",
  batch: "Batch Document",
  query: "Query Document",
  queryPlan: "QueryPlan Document",
  readFeed: "ReadFeed Document",
  changeFeed: "ReadFeed Document",
  deletePartition: "Delete PartitionKey",
  listOffers: "ReadFeed Offer",
  queryOffers: "Query Offer",
  readOffer: "Read Offer",
  replaceOffer: "Replace Offer",
  executeStoredProcedure: "Execute StoredProcedure",
  conflicts: "* Conflict",
  storedProcedures: "* StoredProcedure",
  triggers: "* Trigger",
  userDefinedFunctions: "* UserDefinedFunction",
  users: "* User",
  encryptionKeys: "* ClientEncryptionKey",
};

const methodNames: Readonly<Record<string, string>> = {
  POST: "Create",
  PUT: "Replace",
  PATCH: "Patch",
  DELETE: "Delete",
};

const byOperation: ReadonlyMap<Operation, LoggedOperation> = new Map(
  Object.entries(operations).map(([key, operation]) => {
    const [operationName = "", resourceType = ""] = names[key as keyof typeof operations].split(" ");
    return [operation, { operationName, resourceType }];
  }),
);

/** @param method of the request, for the operations that are served whatever it is. */
export function loggedOperation(operation: Operation, method: string): LoggedOperation | undefined {
  const logged = byOperation.get(operation);
  return logged?.operationName === "*" ? { ...logged, operationName: methodNames[method] ?? "Read" } : logged;
}
