import { QueryError } from "../query/errors.ts";
import type { CompiledQuery, JsonObject, QueryParameters } from "../query/execute.ts";
import type { PartitionKeyValue } from "../storage/partition-key.ts";
import {
  chargeOf,
  containerOf,
  feedAnswer,
  itemAnswer,
  itemsOf,
  maximumPageCharacters,
  pageSize,
} from "./answers.ts";
import { badRequest, CosmosError } from "./errors.ts";
import { type Answer, type Exchange, flag, header } from "./exchange.ts";
import { type FeedScope, feedScope } from "./feed-scope.ts";
import { scopeOf } from "./partition-scope.ts";
import { formatPlace, type Place, readPlace } from "./query-continuation.ts";

export interface QueryRequest {
  readonly text: string;
  readonly parameters: QueryParameters;
}

/** Reads `{query, parameters: [{name, value}]}`. @throws CosmosError 400 */
export function readQuery(exchange: Exchange): QueryRequest {
  let body: { query?: unknown; parameters?: unknown };
  try {
    body = JSON.parse(exchange.body) as typeof body;
  } catch {
    throw badRequest("The query is not valid JSON.");
  }
  if (typeof body?.query !== "string") throw badRequest("The body must be an object with a 'query'.");
  const parameters = new Map<string, unknown>();
  for (const parameter of (body.parameters ?? []) as { name?: unknown; value?: unknown }[]) {
    if (typeof parameter?.name !== "string" || !parameter.name.startsWith("@")) {
      throw badRequest("Each query parameter needs a 'name' that begins with '@'.");
    }
    parameters.set(parameter.name, parameter.value);
  }
  return { text: body.query, parameters };
}

/** Compiles and runs; the engine's refusals become 400 in the form that SDKs show. */
export function withQueryErrors<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { sqlCode, message, start, end } = error;
    const location = start === undefined ? {} : { location: { start, end } };
    throw new CosmosError(
      400,
      "BadRequest",
      `Message: ${JSON.stringify({ errors: [{ severity: "Error", ...location, code: sqlCode, message }] })}`,
    );
  }
}

/** POST of a query plan request: the same plan for every query, since a container has one partition key range. */
export function queryPlan(exchange: Exchange): Answer {
  const { text } = readQuery(exchange);
  const plan = withQueryErrors(() => exchange.services.queries.get(text).queryPlan());
  return itemAnswer(200, containerOf(exchange), 1, undefined, JSON.stringify(plan));
}

/** POST of a query over items. */
export function queryItems(exchange: Exchange): Answer {
  const request = readQuery(exchange);
  return withQueryErrors(() => {
    const query = exchange.services.queries.get(request.text);
    const scope = narrow(exchange, query, request.parameters, feedScope(exchange));
    checkCrossPartition(exchange, scope);
    if (query.isCountAll && scope.accept === undefined) {
      return page(exchange, [String(itemsOf(exchange).count(scope))], undefined);
    }
    const place = readPlace(header(exchange, "x-ms-continuation"));
    const stateful = query.needsAllItems || query.usesDistinct || query.usesTop || query.usesOffsetLimit;
    return stateful
      ? wholePage(exchange, request, query, scope, place)
      : streamedPage(exchange, request, query, scope, place);
  });
}

/** Keeps to the partition that WHERE asks for, where the request itself names none. */
function narrow(
  exchange: Exchange,
  query: CompiledQuery,
  parameters: QueryParameters,
  scope: FeedScope,
): FeedScope {
  if (scope.partition !== undefined || scope.partitions !== undefined) return scope;
  const filters = query.partitionFilters(parameters);
  if (filters.length === 0) return scope;
  const values: PartitionKeyValue[] = [];
  for (const path of containerOf(exchange).partitionKey.paths) {
    const filter = filters.find(
      ({ path: filtered }) =>
        filtered.length === path.length && filtered.every((name, index) => name === path[index]),
    );
    if (filter === undefined || filter.value === undefined) break;
    if (typeof filter.value === "object" && filter.value !== null) break;
    values.push(filter.value as PartitionKeyValue);
  }
  return { ...scope, ...scopeOf(exchange, values) };
}

function checkCrossPartition(exchange: Exchange, scope: FeedScope): void {
  if (scope.explicit || scope.partition !== undefined) return;
  if (flag(exchange, "x-ms-documentdb-query-enablecrosspartition")) return;
  throw badRequest(
    "Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to true, specify x-ms-documentdb-partitionkey, or revise your query to avoid this exception.",
  );
}

/** Results item by item: the next page goes on after the last item that was looked at. */
function streamedPage(
  exchange: Exchange,
  request: QueryRequest,
  query: CompiledQuery,
  scope: FeedScope,
  place: Place | undefined,
): Answer {
  const source = new ItemSource(
    exchange,
    scope,
    query.returnsItems,
    place?.kind === "item" ? place.after : 0,
  );
  let skip = place?.kind === "item" ? place.skip : 0;
  const size = pageSize(exchange);
  const results: string[] = [];
  let characters = 0;
  let fromItem = 0;
  let current = -1;
  for (const result of query.stream(source.items(), request.parameters)) {
    if (source.position !== current) {
      current = source.position;
      fromItem = 0;
    }
    fromItem += 1;
    if (skip > 0) {
      skip -= 1;
      continue;
    }
    const text = source.textOf(result);
    if (results.length === size || (results.length > 0 && characters + text.length > maximumPageCharacters)) {
      const next = formatPlace({ kind: "item", after: source.before, skip: fromItem - 1 });
      return page(exchange, results, next);
    }
    results.push(text);
    characters += text.length;
  }
  return page(exchange, results, undefined);
}

/** Results that depend on all items: made once, then given out page by page. */
function wholePage(
  exchange: Exchange,
  request: QueryRequest,
  query: CompiledQuery,
  scope: FeedScope,
  place: Place | undefined,
): Answer {
  const { snapshots } = exchange.services;
  const { rid } = containerOf(exchange);
  const from = place?.kind === "result" ? place.offset : 0;
  const kept =
    place?.kind === "result" ? snapshots.take(place.snapshot, rid, exchange.body, from) : undefined;
  const results = kept ?? allResults(exchange, request, query, scope).slice(from);
  const size = pageSize(exchange);
  let count = 0;
  let characters = 0;
  while (count < results.length && count < size) {
    characters += results[count]?.length ?? 0;
    if (count > 0 && characters > maximumPageCharacters) break;
    count += 1;
  }
  if (count === results.length) return page(exchange, results, undefined);
  const offset = from + count;
  const snapshot = snapshots.keep(rid, exchange.body, offset, results.slice(count));
  return page(exchange, results.slice(0, count), formatPlace({ kind: "result", offset, snapshot }));
}

function allResults(
  exchange: Exchange,
  request: QueryRequest,
  query: CompiledQuery,
  scope: FeedScope,
): readonly string[] {
  const source = new ItemSource(exchange, scope, query.returnsItems, 0);
  const results: string[] = [];
  for (const result of query.stream(source.items(), request.parameters)) results.push(source.textOf(result));
  return results;
}

function page(exchange: Exchange, results: readonly string[], continuation: string | undefined): Answer {
  const characters = results.reduce((sum, result) => sum + result.length, 0);
  const charge = chargeOf("query", characters);
  return feedAnswer(containerOf(exchange), results, { charge, continuation });
}

const chunkSizes = { first: 128, further: 1024 };

/** Reads items from the store as far as the query asks for them. */
class ItemSource {
  /** `seq` of the item that was given out last. */
  position: number;
  /** `seq` of the item before that one. */
  before: number;
  readonly #exchange: Exchange;
  readonly #scope: FeedScope;
  readonly #texts: Map<unknown, string> | undefined;

  constructor(exchange: Exchange, scope: FeedScope, keepTexts: boolean, after: number) {
    this.#exchange = exchange;
    this.#scope = scope;
    this.#texts = keepTexts ? new Map() : undefined;
    this.position = after;
    this.before = after;
  }

  *items(): Generator<JsonObject, void, undefined> {
    const items = itemsOf(this.#exchange);
    const { partition, partitions, accept } = this.#scope;
    // A scan of one partition sorts it, so it is read at once.
    const whole = partition !== undefined || partitions !== undefined;
    let limit = whole ? maximumRowsAtOnce : chunkSizes.first;
    for (;;) {
      const rows = items.scan({ partition, partitions, after: this.position, limit });
      for (const row of rows) {
        this.before = this.position;
        this.position = row.seq;
        if (accept !== undefined && !accept(row.partition)) continue;
        const text = items.texts.full(row);
        const item = JSON.parse(text) as JsonObject;
        this.#texts?.set(item, text);
        yield item;
      }
      if (rows.length < limit) return;
      if (!whole) limit = chunkSizes.further;
    }
  }

  textOf(result: unknown): string {
    return this.#texts?.get(result) ?? JSON.stringify(result);
  }
}

const maximumRowsAtOnce = 4096;
