import type { Frame } from "../frame.ts";
import type { SelectQuery } from "../syntax/ast.ts";
import { some } from "../syntax/inspect.ts";
import { aggregates } from "./aggregates.ts";
import type { Collect, Collector } from "./collect.ts";
import { ExpressionCompiler, type RunBlock } from "./expression.ts";
import { compileGrouped } from "./grouped.ts";
import { type Accept, compileOutput } from "./output.ts";
import { compileRanked, compileUnranked } from "./ranked.ts";
import { type Layout, Scope } from "./scope.ts";
import { compileSources, type RootBinding, type Rows } from "./source.ts";

/** One compiled SELECT block. */
export interface Block {
  readonly run: RunBlock;
  /** The rows of FROM. */
  readonly rows: Rows;
  /**
   * Begins a run that is fed row by row: call the function that it returns per row of `rows`. Undefined when
   * the first result may depend on the last row.
   */
  readonly start: ((frame: Frame, accept: Accept) => () => boolean) | undefined;
  readonly root: RootBinding | undefined;
  /** Whether a run over some items and one over the others give together what one run over all gives. */
  readonly itemWise: boolean;
  readonly usesAggregates: boolean;
}

/**
 * Compiles a query or subquery.
 *
 * @param outer the scope around a subquery, or undefined for the whole query
 * @param rootAvailable whether FROM may name the container
 * @throws QueryError for names, functions and combinations that the service refuses too
 */
export function compileBlock(
  query: SelectQuery,
  layout: Layout,
  outer: Scope | undefined,
  rootAvailable: boolean,
): Block {
  const compileSubquery = (subquery: SelectQuery, inner: Scope) =>
    compileBlock(subquery, layout, inner, false).run;
  const compiler = new ExpressionCompiler(compileSubquery);
  const scope = new Scope(layout, outer);
  let sourceItemWise = true;
  const { rows, cells, root } = compileSources(query.sources, {
    scope,
    rootAvailable,
    compileSubquery,
    compileRootQuery: (subquery, inner) => {
      const block = compileBlock(subquery, layout, inner, true);
      sourceItemWise = block.itemWise;
      return block.run;
    },
  });
  const where = query.where === undefined ? undefined : compiler.compile(query.where, scope);
  const usesAggregates = hasAggregate(query);
  const grouped = usesAggregates || query.groupBy.length > 0;
  const context = { query, scope, cells, compiler };
  const collect = grouped
    ? compileGrouped(context)
    : query.orderBy.length > 0
      ? compileRanked(context)
      : compileUnranked(context);
  const output = compileOutput(query, layout);
  const begin: Collect = (frame, accept) => collect(frame, output(frame, accept));
  const feed = (frame: Frame, collector: Collector): (() => boolean) =>
    where === undefined ? () => collector.take() : () => where(frame) === true && collector.take();
  const streams = sourceItemWise && query.sources.length > 0 && !grouped && query.orderBy.length === 0;
  return {
    rows,
    root,
    usesAggregates,
    start: streams ? (frame, accept) => feed(frame, begin(frame, accept)) : undefined,
    itemWise: streams && !query.distinct && query.top === undefined && query.offset === undefined,
    run: (frame, accept) => {
      const collector = begin(frame, accept);
      return rows(frame, feed(frame, collector)) || collector.finish();
    },
  };
}

function hasAggregate({ projection }: SelectQuery): boolean {
  if (projection.type === "all") return false;
  const expressions =
    projection.type === "value" ? [projection.expression] : projection.items.map((item) => item.expression);
  return expressions.some((expression) =>
    some(expression, (node) => node.type === "call" && aggregates.has(node.name)),
  );
}
