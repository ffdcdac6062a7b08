import { badRequest, CosmosError, notFound } from "./errors.ts";
import { type Exchange, flag, header, type Target } from "./exchange.ts";
import { type Operation, operations } from "./operations.ts";

/** The decoded segments of a request target. The data plane takes no query string, and an item's id may have a `?`. */
export function splitPath(url: string): readonly string[] {
  const segments = url.split("/");
  const decoded: string[] = [];
  for (const segment of segments) {
    if (segment === "") continue;
    decoded.push(segment.includes("%") ? decodeSegment(segment) : segment);
  }
  return decoded;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest("The path is not validly percent-encoded.");
  }
}

/**
 * Finds the operation that a request asks for, by method, path and the headers that tell queries, batches and feeds apart.
 *
 * @throws CosmosError 404 for a path that does not exist, 405 for a method that it does not have.
 */
export function parseTarget(exchange: Exchange): Target {
  const [kind, database, containers, container, collection, id] = exchange.segments;
  const length = exchange.segments.length;
  if (length === 0) return target(pick(exchange, { GET: operations.readAccount }));
  if (kind === "offers" && length <= 2) return offerTarget(exchange, database);
  if (kind !== "dbs") throw notFound();
  if (length === 1) {
    return target(
      pick(exchange, {
        GET: operations.listDatabases,
        POST: isQuery(exchange) ? operations.queryDatabases : operations.createDatabase,
      }),
    );
  }
  if (length === 2) {
    const verbs = { GET: operations.readDatabase, DELETE: operations.deleteDatabase };
    return target(pick(exchange, verbs), database);
  }
  if (containers === "users") return target(operations.users, database);
  if (containers === "clientencryptionkeys") return target(operations.encryptionKeys, database);
  if (containers !== "colls") throw notFound();
  if (length === 3) {
    const verbs = {
      GET: operations.listContainers,
      POST: isQuery(exchange) ? operations.queryContainers : operations.createContainer,
    };
    return target(pick(exchange, verbs), database);
  }
  if (length === 4) {
    const verbs = {
      GET: operations.readContainer,
      PUT: operations.replaceContainer,
      DELETE: operations.deleteContainer,
    };
    return target(pick(exchange, verbs), database, container);
  }
  return { ...target(containerChild(exchange, collection, length), database, container), id };
}

function containerChild(exchange: Exchange, collection: string | undefined, length: number): Operation {
  const isFeed = length === 5;
  if (length > 6 && collection !== "docs") return childOfOther(exchange, collection);
  switch (collection) {
    case "docs":
      if (length > 6) throw notFound();
      return isFeed ? itemFeed(exchange) : pick(exchange, itemVerbs);
    case "pkranges":
      return pick(exchange, { GET: operations.listPartitionKeyRanges });
    case "operations":
      if (exchange.segments[5] !== "partitionkeydelete") throw notFound();
      return pick(exchange, { POST: operations.deletePartition });
    case "sprocs":
      return !isFeed && exchange.method === "POST"
        ? operations.executeStoredProcedure
        : operations.storedProcedures;
    default:
      return childOfOther(exchange, collection);
  }
}

function childOfOther(_exchange: Exchange, collection: string | undefined): Operation {
  switch (collection) {
    case "triggers":
      return operations.triggers;
    case "udfs":
      return operations.userDefinedFunctions;
    case "conflicts":
      return operations.conflicts;
    default:
      throw notFound();
  }
}

function itemFeed(exchange: Exchange): Operation {
  if (exchange.method === "GET") {
    return header(exchange, "a-im") === undefined ? operations.readFeed : operations.changeFeed;
  }
  if (exchange.method !== "POST") throw methodNotAllowed(exchange);
  if (flag(exchange, "x-ms-cosmos-is-batch-request")) return operations.batch;
  if (flag(exchange, "x-ms-cosmos-is-query-plan-request")) return operations.queryPlan;
  if (isQuery(exchange)) return operations.query;
  return flag(exchange, "x-ms-documentdb-is-upsert") ? operations.upsertItem : operations.createItem;
}

const itemVerbs = {
  GET: operations.readItem,
  PUT: operations.replaceItem,
  PATCH: operations.patchItem,
  DELETE: operations.deleteItem,
};

function offerTarget(exchange: Exchange, id: string | undefined): Target {
  if (id === undefined) {
    return target(pick(exchange, { GET: operations.listOffers, POST: operations.queryOffers }));
  }
  return { ...target(pick(exchange, { GET: operations.readOffer, PUT: operations.replaceOffer })), id };
}

function isQuery(exchange: Exchange): boolean {
  return (
    flag(exchange, "x-ms-documentdb-isquery") ||
    (header(exchange, "content-type")?.startsWith("application/query+json") ?? false)
  );
}

function pick(exchange: Exchange, verbs: Readonly<Record<string, Operation>>): Operation {
  const operation = Object.hasOwn(verbs, exchange.method) ? verbs[exchange.method] : undefined;
  if (operation === undefined) throw methodNotAllowed(exchange);
  return operation;
}

function methodNotAllowed(exchange: Exchange): CosmosError {
  return new CosmosError(
    405,
    "MethodNotAllowed",
    `The method ${exchange.method} is not allowed on this resource.`,
  );
}

function target(operation: Operation, database?: string, container?: string): Target {
  return { operation, database, container };
}
