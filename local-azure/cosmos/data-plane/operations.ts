import { type DataAction, dataActions } from "../../../rbac/cosmos/data-actions.ts";
import { batch, batchActions } from "./batch.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { changeFeed, readFeed } from "./feeds.ts";
import { createItem, deleteItem, deletePartition, readItem, replaceItem, upsertItem } from "./items.ts";
import {
  createContainer,
  createDatabase,
  deleteContainer,
  deleteDatabase,
  replaceContainer,
} from "./management.ts";
import {
  listContainers,
  listDatabases,
  listPartitionKeyRanges,
  queryContainers,
  queryDatabases,
  readAccount,
  readContainer,
  readDatabase,
} from "./metadata.ts";
import { listOffers, queryOffers, readOffer, replaceOffer } from "./offers.ts";
import { patchItem } from "./patch.ts";
import { queryItems, queryPlan } from "./query.ts";
import { refuseUnsupported } from "./unsupported.ts";

/** One thing that the data plane can be asked for. */
export interface Operation {
  /** As the request log names it; where one path serves several operations, `#` and which. */
  readonly route: string;
  /** The last collection of the path, as messages name it. */
  readonly resourceType: string;
  /**
   * `account` and `data` are decided by data-plane RBAC for a token; `management` is never allowed with a token.
   */
  readonly kind: "account" | "data" | "management";
  /** Refused with a read-only key. */
  readonly writes: boolean;
  /** The data actions that a token needs, all of them, on the resource that the path names. */
  readonly actions: (exchange: Exchange) => readonly DataAction[];
  readonly execute: (exchange: Exchange) => Answer | Promise<Answer>;
}

const item = "/dbs/:database/colls/:container/docs/:id";
const items = "/dbs/:database/colls/:container/docs";

function row(
  kind: Operation["kind"],
  route: string,
  needs: readonly DataAction[] | ((exchange: Exchange) => readonly DataAction[]),
  writes: boolean,
  execute: Operation["execute"],
): Operation {
  const names = route.split(/[ #]/)[1]?.split("/") ?? [];
  const resourceType = names.findLast((name) => name !== "" && !name.startsWith(":")) ?? "";
  const actions = typeof needs === "function" ? needs : () => needs;
  return { route, resourceType, kind, writes, actions, execute };
}

function data(
  route: string,
  needs: Parameters<typeof row>[2],
  writes: boolean,
  execute: Operation["execute"],
): Operation {
  return row("data", route, needs, writes, execute);
}

function management(route: string, writes: boolean, execute: Operation["execute"]): Operation {
  return row("management", route, [], writes, execute);
}

const { readMetadata, executeQuery, readChangeFeed } = dataActions;
/** https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security: an SDK's query needs both. */
const forQueries = [executeQuery, readChangeFeed];

/** Every operation of the data plane, with the data actions that it needs. */
export const operations = {
  readAccount: row("account", "GET /", [readMetadata], false, readAccount),
  listDatabases: data("GET /dbs", [readMetadata], false, listDatabases),
  queryDatabases: data("POST /dbs#query", [readMetadata], false, queryDatabases),
  createDatabase: management("POST /dbs", true, createDatabase),
  readDatabase: data("GET /dbs/:database", [readMetadata], false, readDatabase),
  deleteDatabase: management("DELETE /dbs/:database", true, deleteDatabase),
  listContainers: data("GET /dbs/:database/colls", [readMetadata], false, listContainers),
  queryContainers: data("POST /dbs/:database/colls#query", [readMetadata], false, queryContainers),
  createContainer: management("POST /dbs/:database/colls", true, createContainer),
  readContainer: data("GET /dbs/:database/colls/:container", [readMetadata], false, readContainer),
  replaceContainer: management("PUT /dbs/:database/colls/:container", true, replaceContainer),
  deleteContainer: management("DELETE /dbs/:database/colls/:container", true, deleteContainer),
  listPartitionKeyRanges: data(
    "GET /dbs/:database/colls/:container/pkranges",
    [readMetadata],
    false,
    listPartitionKeyRanges,
  ),
  readItem: data(`GET ${item}`, [dataActions.readItem], false, readItem),
  createItem: data(`POST ${items}`, [dataActions.createItem], true, createItem),
  upsertItem: data(`POST ${items}#upsert`, [dataActions.upsertItem], true, upsertItem),
  replaceItem: data(`PUT ${item}`, [dataActions.replaceItem], true, replaceItem),
  patchItem: data(`PATCH ${item}`, [dataActions.replaceItem], true, patchItem),
  deleteItem: data(`DELETE ${item}`, [dataActions.deleteItem], true, deleteItem),
  batch: data(`POST ${items}#batch`, batchActions, true, batch),
  query: data(`POST ${items}#query`, forQueries, false, queryItems),
  queryPlan: data(`POST ${items}#query-plan`, [executeQuery], false, queryPlan),
  readFeed: data(`GET ${items}`, [readChangeFeed], false, readFeed),
  changeFeed: data(`GET ${items}#change-feed`, [readChangeFeed], false, changeFeed),
  deletePartition: data(
    "POST /dbs/:database/colls/:container/operations/partitionkeydelete",
    [dataActions.deleteItem],
    true,
    deletePartition,
  ),
  listOffers: management("GET /offers", false, listOffers),
  queryOffers: management("POST /offers#query", false, queryOffers),
  readOffer: management("GET /offers/:id", false, readOffer),
  replaceOffer: management("PUT /offers/:id", true, replaceOffer),
  executeStoredProcedure: data(
    "POST /dbs/:database/colls/:container/sprocs/:id",
    [dataActions.executeStoredProcedure],
    true,
    refuseUnsupported("The execution of stored procedures"),
  ),
  conflicts: data(
    "* /dbs/:database/colls/:container/conflicts",
    [dataActions.manageConflicts],
    true,
    refuseUnsupported("The conflict feed"),
  ),
  storedProcedures: unsupported("sprocs", "The definition of stored procedures"),
  triggers: unsupported("triggers", "The definition of triggers"),
  userDefinedFunctions: unsupported("udfs", "The definition of user-defined functions"),
  users: management("* /dbs/:database/users", true, refuseUnsupported("A user with its permissions")),
  encryptionKeys: management(
    "* /dbs/:database/clientencryptionkeys",
    true,
    refuseUnsupported("A client encryption key"),
  ),
} as const satisfies Record<string, Operation>;

function unsupported(segment: string, what: string): Operation {
  return management(`* /dbs/:database/colls/:container/${segment}`, true, refuseUnsupported(what));
}

/** The route table, for the test that holds every route against the request log. */
export const routes: readonly string[] = Object.values(operations).map(({ route }) => route);
