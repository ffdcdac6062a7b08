import { checkOrderBy, isCountAll, returnsItems, rootEqualities } from "./analyze.ts";
import { type Block, compileBlock } from "./compile/block.ts";
import { withoutNonFinite } from "./compile/output.ts";
import { Layout } from "./compile/scope.ts";
import { limitExceeded } from "./errors.ts";
import { type Frame, maximumRows, maximumValues, type QueryEnvironment, spendValue } from "./frame.ts";
import { parseQuery } from "./parse.ts";
import { passThroughPlan, type QueryPlan } from "./plan.ts";
import type { SelectQuery } from "./syntax/ast.ts";
import type { JsonObject } from "./value.ts";

export type { QueryEnvironment } from "./frame.ts";
export type { JsonObject } from "./value.ts";

/** Parameter values by name, with the `@`. A parameter without a value is undefined in the query. */
export type QueryParameters = ReadonlyMap<string, unknown>;

/** A value that a property must equal for an item to be in the result. */
export interface EqualityFilter {
  readonly path: readonly string[];
  /** Undefined when the parameter has no value: then no item is in the result. */
  readonly value: unknown;
}

/** A query that is ready to run, any number of times and at the same time. */
export interface CompiledQuery {
  /** Whether the first result may depend on the last item: ORDER BY, GROUP BY or an aggregate. */
  readonly needsAllItems: boolean;
  /** Whether the query is `SELECT VALUE COUNT(1)` (or `COUNT(*)`) over the whole container, nothing else. */
  readonly isCountAll: boolean;
  /**
   * Whether every result is one of the given items itself (`SELECT *` or `SELECT VALUE c`): results are then
   * the same object references, so a caller can map them back to the stored text.
   */
  readonly returnsItems: boolean;
  readonly usesAggregates: boolean;
  readonly usesDistinct: boolean;
  readonly usesOrderBy: boolean;
  readonly usesGroupBy: boolean;
  readonly usesTop: boolean;
  readonly usesOffsetLimit: boolean;
  /**
   * Equality conditions that every result's item meets, from the conditions of WHERE that AND joins. Properties
   * are those of the item. Empty when there are none or FROM does not begin with the container.
   */
  partitionFilters(parameters: QueryParameters): readonly EqualityFilter[];
  /**
   * Runs the query over items and returns all results in order. Items are only read. Results may share
   * objects with the items.
   *
   * @throws QueryError for a parameter value that TOP, OFFSET, LIMIT or a pattern cannot take, a scalar
   * subquery with several results, or more than {@link maximumRows} rows or {@link maximumValues} values
   */
  execute(items: Iterable<JsonObject>, parameters: QueryParameters): unknown[];
  /**
   * Like {@link CompiledQuery.execute}, one result after another: items are taken from `items` only as far as
   * results are taken, unless `needsAllItems`.
   */
  stream(items: Iterable<JsonObject>, parameters: QueryParameters): Generator<unknown, void, undefined>;
  /** The answer to a query-plan request; see {@link passThroughPlan}. */
  queryPlan(): QueryPlan;
}

const systemEnvironment: QueryEnvironment = { nowMs: () => Date.now(), random: () => Math.random() };

/**
 * Compiles a query. Costs some tens of microseconds: keep the result by text, as `QueryCache` does.
 *
 * @param text the query as the client sent it
 * @param environment the clock and the random source of the query's functions; the system's by default
 * @throws QueryError (`code` "BadRequest") that names the unsupported construct, or says what is wrong and where
 */
export function compileQuery(text: string, environment: QueryEnvironment = systemEnvironment): CompiledQuery {
  return guardStack(() => {
    const query = parseQuery(text);
    const layout = new Layout();
    const block = compileBlock(query, layout, undefined, true);
    checkOrderBy(query, block.root);
    return new Compiled(query, block, layout, environment);
  });
}

class Compiled implements CompiledQuery {
  readonly needsAllItems: boolean;
  readonly isCountAll: boolean;
  readonly returnsItems: boolean;
  readonly usesAggregates: boolean;
  readonly usesDistinct: boolean;
  readonly usesOrderBy: boolean;
  readonly usesGroupBy: boolean;
  readonly usesTop: boolean;
  readonly usesOffsetLimit: boolean;
  private readonly block: Block;
  private readonly layout: Layout;
  private readonly environment: QueryEnvironment;
  private readonly equalities: ReturnType<typeof rootEqualities>;
  private readonly hasSelectValue: boolean;

  constructor(query: SelectQuery, block: Block, layout: Layout, environment: QueryEnvironment) {
    this.block = block;
    this.layout = layout;
    this.environment = environment;
    this.equalities = rootEqualities(query, block.root);
    this.needsAllItems = block.start === undefined && query.sources.length > 0;
    this.isCountAll = isCountAll(query, block.root);
    this.returnsItems = returnsItems(query, block.root);
    this.usesAggregates = block.usesAggregates;
    this.usesDistinct = query.distinct;
    this.usesOrderBy = query.orderBy.length > 0;
    this.usesGroupBy = query.groupBy.length > 0;
    this.usesTop = query.top !== undefined;
    this.usesOffsetLimit = query.offset !== undefined;
    this.hasSelectValue = query.projection.type === "value";
  }

  partitionFilters(parameters: QueryParameters): EqualityFilter[] {
    return this.equalities.map(({ path, operand }) => ({
      path,
      value: "parameter" in operand ? parameters.get(operand.parameter) : operand.value,
    }));
  }

  execute(items: Iterable<JsonObject>, parameters: QueryParameters): unknown[] {
    const frame = this.newFrame(items, parameters);
    const results: unknown[] = [];
    guardStack(() =>
      this.block.run(frame, (value) => {
        spendValue(frame);
        results.push(value);
        return false;
      }),
    );
    return frame.nonFinite ? results.map(withoutNonFinite) : results;
  }

  *stream(items: Iterable<JsonObject>, parameters: QueryParameters): Generator<unknown, void, undefined> {
    const { start, rows } = this.block;
    if (start === undefined) {
      yield* this.execute(items, parameters);
      return;
    }
    const single: unknown[] = [undefined];
    const frame = this.newFrame(single, parameters);
    let results: unknown[] = [];
    const feed = start(frame, (value) => {
      results.push(value);
      return false;
    });
    for (const item of items) {
      single[0] = item;
      const stopped = guardStack(() => rows(frame, feed));
      yield* frame.nonFinite ? results.map(withoutNonFinite) : results;
      if (stopped) return;
      results = [];
    }
  }

  queryPlan(): QueryPlan {
    return passThroughPlan(this.hasSelectValue);
  }

  private newFrame(items: Iterable<unknown>, parameters: QueryParameters): Frame {
    return {
      items,
      cells: new Array(this.layout.cellCount).fill(undefined),
      parameters: this.layout.parameterNames.map((name) => parameters.get(name)),
      environment: this.environment,
      startedMs: this.environment.nowMs(),
      nonFinite: false,
      rowsLeft: maximumRows,
      valuesLeft: maximumValues,
    };
  }
}

/** Depth is limited everywhere, but values and operators may still nest deeper together than the stack. */
function guardStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw limitExceeded("The query or a value that it touches nests too deeply.");
  }
}
