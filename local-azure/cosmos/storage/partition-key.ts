import { StorageError } from "./errors.ts";

/** One component of a partition key; undefined is "no value", written `{}` on the wire. */
export type PartitionKeyValue = string | number | boolean | null | undefined;

export interface PartitionKeyDefinition {
  /** For example `["/tenantId", "/orderId"]`; a segment may be quoted: `/a/"b/c"`. */
  readonly paths: readonly string[];
  readonly kind: "Hash" | "MultiHash";
  readonly version: 1 | 2;
}

/** Bytes of one string component (https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-item-limits). */
const maximumValueBytes = { 1: 101, 2: 2048 } as const;

/** Splits `/a/"b/c"/d` into its property names. */
export function parsePropertyPath(path: string): readonly string[] {
  const names: string[] = [];
  const segment = /\/(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^/]*))/y;
  while (segment.lastIndex < path.length) {
    const found = segment.exec(path);
    if (found === null)
      throw new StorageError("badItem", `The property path ${JSON.stringify(path)} is invalid.`);
    names.push(found[1] ?? found[2] ?? found[3]?.trim() ?? "");
  }
  return names;
}

/** The value at `names` inside `item`, own properties only; undefined where a step is missing. */
export function valueAt(item: unknown, names: readonly string[]): unknown {
  let value = item;
  for (const name of names) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/**
 * Canonical text of partition key components: one text per logical partition, usable as a database key. Components
 * of a prefix give a text that the full key's text continues.
 */
export function encodePartition(values: readonly PartitionKeyValue[]): string {
  if (values.length === 1) {
    const [value] = values;
    return value === undefined ? "[{}]" : `[${JSON.stringify(value)}]`;
  }
  return `[${values.map((value) => (value === undefined ? "{}" : JSON.stringify(value))).join(",")}]`;
}

/** The components of a canonical text made by {@link encodePartition}. */
export function decodePartition(partition: string): PartitionKeyValue[] {
  return parsePartitionKeyHeader(partition) ?? [];
}

/** Reads the header `x-ms-documentdb-partitionkey`; undefined when it is no JSON array of scalar components. */
export function parsePartitionKeyHeader(text: string): PartitionKeyValue[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const values: PartitionKeyValue[] = [];
  for (const component of parsed as unknown[]) {
    if (isScalar(component)) values.push(component);
    else if (isEmptyObject(component)) values.push(undefined);
    else return undefined;
  }
  return values;
}

/** Reads the partition of items by one container's definition. */
export class PartitionKeyReader {
  readonly definition: PartitionKeyDefinition;
  readonly #paths: readonly (readonly string[])[];

  constructor(definition: PartitionKeyDefinition) {
    this.definition = definition;
    this.#paths = definition.paths.map(parsePropertyPath);
  }

  get length(): number {
    return this.#paths.length;
  }

  /** Top-level and nested property names of each component. */
  get paths(): readonly (readonly string[])[] {
    return this.#paths;
  }

  /**
   * Canonical partition text of `item`.
   *
   * @throws StorageError partitionKeyMismatch when a component is an array or an object, badItem when it is too long.
   */
  read(item: object): string {
    const values: PartitionKeyValue[] = [];
    for (const path of this.#paths) {
      const value = valueAt(item, path);
      if (value === undefined || isEmptyObject(value)) values.push(undefined);
      else if (isScalar(value)) values.push(value);
      else {
        throw new StorageError(
          "partitionKeyMismatch",
          `The partition key at ${this.definition.paths[values.length]} is an array or an object; it must be a string, a number, a boolean or null.`,
        );
      }
    }
    this.checkSize(values);
    return encodePartition(values);
  }

  /** @throws StorageError badItem when a string component is longer than the definition's version allows. */
  checkSize(values: readonly PartitionKeyValue[]): void {
    const limit = maximumValueBytes[this.definition.version];
    for (const value of values) {
      if (typeof value !== "string" || value.length * 3 <= limit) continue;
      if (Buffer.byteLength(value) <= limit) continue;
      throw new StorageError("badItem", `A partition key value may have at most ${limit} bytes.`);
    }
  }
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return (
    value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
  );
}

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}
