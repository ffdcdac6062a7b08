import {
  encodePartition,
  type PartitionKeyValue,
  parsePartitionKeyHeader,
} from "../storage/partition-key.ts";
import { containerOf } from "./answers.ts";
import { badRequest } from "./errors.ts";
import { type Exchange, header } from "./exchange.ts";

const mismatch = 1001;

/** The components of the header `x-ms-documentdb-partitionkey`, or undefined where it is not sent. */
export function partitionKeyHeader(exchange: Exchange): PartitionKeyValue[] | undefined {
  const text = header(exchange, "x-ms-documentdb-partitionkey");
  if (text === undefined) return undefined;
  return readPartitionKey(exchange, text);
}

/** Reads a partition key as the header and the operations of a batch carry it. */
export function readPartitionKey(exchange: Exchange, text: string): PartitionKeyValue[] {
  const values = parsePartitionKeyHeader(text);
  if (values === undefined) throw badRequest(`Partition key ${text} is invalid.`);
  const reader = containerOf(exchange).partitionKey;
  if (values.length > reader.length) throw definitionMismatch();
  reader.checkSize(values);
  return values;
}

/**
 * The one logical partition that the request names.
 *
 * @throws CosmosError 400 when the header is missing, 400/1001 when it has fewer or more components than the definition.
 */
export function requiredPartition(exchange: Exchange): string {
  const values = partitionKeyHeader(exchange);
  if (values === undefined) throw badRequest("PartitionKey value must be supplied for this operation.");
  return fullPartition(exchange, values);
}

/** @throws CosmosError 400/1001 when `values` is no full key of the container. */
export function fullPartition(exchange: Exchange, values: readonly PartitionKeyValue[]): string {
  if (values.length !== containerOf(exchange).partitionKey.length) throw definitionMismatch();
  return encodePartition(values);
}

/** @throws CosmosError 400/1001 when the item belongs to another partition than the request names. */
export function checkSamePartition(ofItem: string, ofRequest: string): void {
  if (ofItem === ofRequest) return;
  throw badRequest(
    "PartitionKey extracted from document doesn't match the one specified in the header.",
    mismatch,
  );
}

function definitionMismatch() {
  return badRequest(
    "Partition key provided either doesn't correspond to definition in the collection or doesn't match partition key field values specified in the document.",
    mismatch,
  );
}

/** Where a feed or a query looks: one partition, a prefix of a hierarchical key, or everywhere. */
export interface PartitionScope {
  readonly partition?: string;
  readonly partitions?: readonly [string, string];
}

/** The scope of a full key or a proper prefix of it; everywhere for no components. */
export function scopeOf(exchange: Exchange, values: readonly PartitionKeyValue[]): PartitionScope {
  if (values.length === 0) return {};
  if (values.length === containerOf(exchange).partitionKey.length)
    return { partition: encodePartition(values) };
  const prefix = encodePartition(values).slice(0, -1);
  // A full key's text goes on with a comma; `-` is the next character.
  return { partitions: [`${prefix},`, `${prefix}-`] };
}
