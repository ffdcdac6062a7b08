import { containerOf, metadataAnswer } from "./answers.ts";
import { notFound } from "./errors.ts";
import { type Answer, type Exchange, header } from "./exchange.ts";
import { rangeId } from "./feed-scope.ts";
import { readQuery, withQueryErrors } from "./query.ts";

/** What SDKs that plan queries themselves are told of the engine. */
const queryEngineConfiguration = JSON.stringify({
  maxSqlQueryInputLength: 262144,
  maxJoinsPerSqlQuery: 5,
  maxLogicalAndPerSqlQuery: 500,
  maxLogicalOrPerSqlQuery: 500,
  maxUdfRefPerSqlQuery: 10,
  maxInExpressionItemsCount: 16000,
  queryMaxInMemorySortDocumentCount: 500,
  maxQueryRequestTimeoutFraction: 0.9,
  sqlAllowNonFiniteNumbers: false,
  sqlAllowAggregateFunctions: true,
  sqlAllowSubQuery: true,
  sqlAllowScalarSubQuery: true,
  allowNewKeywords: true,
  sqlAllowLike: true,
  sqlAllowGroupByClause: true,
  maxSpatialQueryCells: 12,
  spatialMaxGeometryPointCount: 256,
  sqlDisableOptimizationFlags: 0,
  sqlAllowTop: true,
  enableSpatialIndexing: false,
});

/** GET of the account: where it is read and written, its consistency. */
export function readAccount({ account }: Exchange): Answer {
  const locations = regionsOf(account.properties.locations, account.location).map((name) => ({
    name,
    databaseAccountEndpoint: `${account.origin}/`,
  }));
  const consistency = account.properties.consistencyPolicy as
    | { defaultConsistencyLevel?: string }
    | undefined;
  return metadataAnswer(200, {
    _self: "",
    id: account.name,
    _rid: account.name,
    media: "//media/",
    addresses: "//addresses/",
    _dbs: "//dbs/",
    writableLocations: locations.slice(0, 1),
    readableLocations: locations,
    enableMultipleWriteLocations: false,
    continuousBackupEnabled: false,
    userReplicationPolicy: { asyncReplication: false, minReplicaSetSize: 1, maxReplicasetSize: 1 },
    userConsistencyPolicy: { defaultConsistencyLevel: consistency?.defaultConsistencyLevel ?? "Session" },
    systemReplicationPolicy: { minReplicaSetSize: 1, maxReplicasetSize: 1 },
    readPolicy: { primaryReadCoefficient: 1, secondaryReadCoefficient: 1 },
    queryEngineConfiguration,
  });
}

function regionsOf(locations: unknown, fallback: string): readonly string[] {
  const names = ((locations ?? []) as { locationName?: unknown }[]).flatMap(({ locationName }) =>
    typeof locationName === "string" ? [locationName] : [],
  );
  return names.length === 0 ? [fallback] : names;
}

/** GET of all databases. */
export function listDatabases(exchange: Exchange): Answer {
  return feed("", "Databases", databaseDocuments(exchange));
}

/** POST of a query over databases. */
export function queryDatabases(exchange: Exchange): Answer {
  return feed("", "Databases", runQuery(exchange, databaseDocuments(exchange)));
}

/** GET of one database. */
export function readDatabase(exchange: Exchange): Answer {
  const { document } = databaseOf(exchange);
  return metadataAnswer(200, document, { etag: document._etag });
}

/** GET of all containers of a database. */
export function listContainers(exchange: Exchange): Answer {
  const { rid, containers } = databaseOf(exchange);
  return feed(
    rid,
    "DocumentCollections",
    [...containers.values()].map(({ document }) => document),
  );
}

/** POST of a query over the containers of a database. */
export function queryContainers(exchange: Exchange): Answer {
  const { rid, containers } = databaseOf(exchange);
  const documents = [...containers.values()].map(({ document }) => document);
  return feed(rid, "DocumentCollections", runQuery(exchange, documents));
}

/** GET of one container. */
export function readContainer(exchange: Exchange): Answer {
  const container = containerOf(exchange);
  const headers = ["x-ms-alt-content-path", container.encodedPath.split("/").slice(0, 2).join("/")];
  return metadataAnswer(200, container.document, { etag: container.etag, headers });
}

/** GET of the partition key ranges: always one; 304 for a client that has it. */
export function listPartitionKeyRanges(exchange: Exchange): Answer {
  const { rid, etag, document } = containerOf(exchange);
  if (header(exchange, "if-none-match") === etag) return metadataAnswer(304, undefined, { etag });
  const self = String(document._self);
  const range = {
    _rid: rid,
    id: rangeId,
    _etag: etag,
    minInclusive: "",
    maxExclusive: "FF",
    ridPrefix: 0,
    _self: `${self}pkranges/${rangeId}/`,
    throughputFraction: 1,
    status: "online",
    parents: [],
    _ts: document._ts,
  };
  return metadataAnswer(
    200,
    { _rid: rid, PartitionKeyRanges: [range], _count: 1 },
    { etag, headers: ["x-ms-item-count", "1"] },
  );
}

/** Documents that the query's results are; for the small feeds of metadata, which have no pages. */
export function runQuery(
  exchange: Exchange,
  documents: readonly Readonly<Record<string, unknown>>[],
): unknown[] {
  const { text, parameters } = readQuery(exchange);
  return withQueryErrors(() => exchange.services.queries.get(text).execute(documents, parameters));
}

/** A whole feed under the name that clients read it by. */
export function feed(rid: string, name: string, documents: readonly unknown[]): Answer {
  const headers = ["x-ms-item-count", String(documents.length)];
  return metadataAnswer(200, { _rid: rid, [name]: documents, _count: documents.length }, { headers });
}

function databaseDocuments(exchange: Exchange): Readonly<Record<string, unknown>>[] {
  return [...exchange.account.databases.values()].map(({ document }) => document);
}

function databaseOf(exchange: Exchange) {
  if (exchange.database === undefined) throw notFound();
  return exchange.database;
}
