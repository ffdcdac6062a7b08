import { effectivePartitionKey } from "../storage/effective-partition-key.ts";
import { containerOf } from "./answers.ts";
import { badRequest, CosmosError } from "./errors.ts";
import { type Exchange, header } from "./exchange.ts";
import { type PartitionScope, partitionKeyHeader, scopeOf } from "./partition-scope.ts";

/** The only partition key range of a container, and its bounds. */
export const rangeId = "0";
const wholeRange = { min: "", max: "FF" };

/** Where a feed or a query looks. */
export interface FeedScope extends PartitionScope {
  /** Whether the request itself said where to look. */
  readonly explicit: boolean;
  /** Further test on a partition, for feed ranges that are no partition key. */
  readonly accept?: (partition: string) => boolean;
}

/**
 * Reads the headers that narrow a feed: partition key (or a prefix of it), partition key range, effective range.
 *
 * @throws CosmosError 410/1002 for a partition key range that the container does not have, 400 for a bad range.
 */
export function feedScope(exchange: Exchange): FeedScope {
  const values = partitionKeyHeader(exchange);
  const range = header(exchange, "x-ms-documentdb-partitionkeyrangeid");
  if (range !== undefined && range !== rangeId && !range.endsWith(`,${rangeId}`)) {
    throw new CosmosError(410, "Gone", `The container has no partition key range ${range}.`, {
      substatus: 1002,
    });
  }
  const scope = values === undefined ? {} : scopeOf(exchange, values);
  const explicit = values !== undefined || range !== undefined;
  const accept = rangeTest(exchange);
  return accept === undefined ? { ...scope, explicit } : { ...scope, explicit: true, accept };
}

function rangeTest(exchange: Exchange): ((partition: string) => boolean) | undefined {
  const min = header(exchange, "x-ms-start-epk") ?? wholeRange.min;
  const max = header(exchange, "x-ms-end-epk") ?? wholeRange.max;
  if (min === wholeRange.min && max === wholeRange.max) return undefined;
  const { definition } = containerOf(exchange).partitionKey;
  if (definition.version !== 2) {
    throw badRequest("Feed ranges within a partition key range need a partition key of version 2.");
  }
  const known = new Map<string, boolean>();
  return (partition) => {
    let inside = known.get(partition);
    if (inside === undefined) {
      const key = effectivePartitionKey(partition, definition);
      inside = key >= min && key < max;
      known.set(partition, inside);
    }
    return inside;
  };
}
