/** The part of a query plan that describes what the client has to do with the partitions' results. */
export interface QueryInfo {
  readonly distinctType: "None" | "Ordered" | "Unordered";
  readonly top: number | null;
  readonly offset: number | null;
  readonly limit: number | null;
  readonly orderBy: readonly string[];
  readonly orderByExpressions: readonly string[];
  readonly groupByExpressions: readonly string[];
  readonly groupByAliases: readonly string[];
  readonly aggregates: readonly string[];
  readonly groupByAliasToAggregateType: Readonly<Record<string, string>>;
  readonly rewrittenQuery: string;
  readonly hasSelectValue: boolean;
  readonly dCountInfo: null;
  readonly hasNonStreamingOrderBy: boolean;
}

/** The answer to a query-plan request, as the gateway sends it. */
export interface QueryPlan {
  readonly partitionedQueryExecutionInfoVersion: 2;
  readonly queryInfo: QueryInfo;
  readonly queryRanges: readonly {
    readonly min: string;
    readonly max: string;
    readonly isMinInclusive: boolean;
    readonly isMaxInclusive: boolean;
  }[];
}

/**
 * The plan of every query here: send the query as it is to each partition key range and concatenate.
 *
 * A container has exactly one partition key range, so the server itself sorts, groups, aggregates, removes
 * duplicates and counts off TOP, OFFSET and LIMIT, and its pages with their continuation tokens are already
 * the result. A plan that asked the client to do any of it again would be wrong: OFFSET would be skipped twice,
 * and the aggregates of `SELECT VALUE COUNT(1)` summed from plain numbers. Read in the SDKs:
 * - @azure/cosmos 4.10.1 first sends the query without a plan (`DefaultQueryExecutionContext`) and follows
 *   the server's continuation; it builds the client-side pipeline only after a 400 with `additionalErrorInfo`,
 *   or at once with `enableQueryControl` or `forceQueryPlan`. With this plan that pipeline is
 *   `ParallelQueryExecutionContext` alone: an empty `rewrittenQuery` keeps the query, and empty `orderBy`,
 *   `aggregates` and `groupByExpressions`, `distinctType` "None" and null counts add no component.
 * - The Python SDK likewise asks for a plan only after a 400, and takes the same fields.
 * - The .NET SDK asks before it runs a query; an empty `rewrittenQuery` keeps the query. On Windows it makes
 *   its own plan, so the queries that it rewrites (`SELECT c._rid, [{"item": c.n}] AS orderByItems, c AS
 *   payload …`, `SELECT VALUE [{"item": COUNT(1)}] …`, `[{"item": c.t}] AS groupByItems`) are ordinary queries
 *   to this engine and run as such.
 *
 * Should a container ever have several ranges, this plan is right only for queries without ORDER BY,
 * DISTINCT, GROUP BY, aggregates, TOP, OFFSET and LIMIT.
 *
 * @param hasSelectValue whether the query begins with SELECT VALUE
 */
export function passThroughPlan(hasSelectValue: boolean): QueryPlan {
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: "None",
      top: null,
      offset: null,
      limit: null,
      orderBy: [],
      orderByExpressions: [],
      groupByExpressions: [],
      groupByAliases: [],
      aggregates: [],
      groupByAliasToAggregateType: {},
      rewrittenQuery: "",
      hasSelectValue,
      dCountInfo: null,
      hasNonStreamingOrderBy: false,
    },
    queryRanges: [{ min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }],
  };
}
