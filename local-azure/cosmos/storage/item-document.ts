import { StorageError } from "./errors.ts";
import { openText } from "./item-text.ts";
import type { PartitionKeyReader } from "./partition-key.ts";

/** An item that passed every check of form and may be written. */
export interface ItemDocument {
  readonly id: string;
  readonly partition: string;
  readonly body: string;
  /** The item's own `ttl` in seconds; -1 never expires; undefined leaves it to the container. */
  readonly ttl: number | undefined;
  /** The parsed item without system properties. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-item-limits */
export const maximumItemBytes = 2 * 1024 * 1024;
const maximumIdBytes = 1023;
const maximumDepth = 128;
const forbiddenInId = /[/\\#]/;
const hugeNumber = /[eE]\+?\d{3}|\d{309}/;

/** Whether the text can hold a number that no double can: then {@link checkNumbers} has to look at every number. */
export function mayOverflow(text: string): boolean {
  return hugeNumber.test(text);
}

/**
 * Parses and checks the JSON of an item. Numbers are kept as the double they are nearest to, as the service does.
 *
 * @throws StorageError badItem (form, id, ttl, number out of range), tooLarge, partitionKeyMismatch.
 */
export function parseItem(text: string, reader: PartitionKeyReader): ItemDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new StorageError("badItem", `The item is not valid JSON: ${(error as Error).message}.`);
  }
  if (mayOverflow(text)) checkNumbers(parsed);
  return checkItem(parsed, reader);
}

/** The same checks, but of numbers, on an item that is parsed already. */
export function checkItem(item: unknown, reader: PartitionKeyReader): ItemDocument {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw new StorageError("badItem", "The item must be a JSON object.");
  }
  const value = item as Record<string, unknown>;
  checkItemId(value.id);
  const body = openText(value);
  if (body.length * 3 > maximumItemBytes && Buffer.byteLength(body) > maximumItemBytes) {
    throw new StorageError("tooLarge", "Request size is too large: an item may have at most 2 MB of JSON.");
  }
  checkDepth(body);
  return { id: value.id as string, partition: reader.read(value), body, ttl: readTtl(value.ttl), value };
}

/** @throws StorageError badItem when `id` is missing, no string, empty, too long or has a forbidden character. */
export function checkItemId(id: unknown): void {
  if (id === undefined || id === "") {
    throw new StorageError(
      "badItem",
      "The input content is invalid because the required properties - 'id; ' - are missing.",
    );
  }
  if (typeof id !== "string") {
    throw new StorageError("badItem", "The input content is invalid because 'id' is not a string.");
  }
  if (forbiddenInId.test(id)) {
    throw new StorageError(
      "badItem",
      "The id contains a forbidden character: '/', '\\' and '#' are not allowed.",
    );
  }
  if (id.length > maximumIdBytes / 3 && Buffer.byteLength(id) > maximumIdBytes) {
    throw new StorageError("badItem", `The id may have at most ${maximumIdBytes} bytes.`);
  }
}

function readTtl(ttl: unknown): number | undefined {
  if (ttl === undefined || ttl === null) return undefined;
  if (Number.isInteger(ttl) && (ttl === -1 || ((ttl as number) > 0 && (ttl as number) <= 0x7fff_ffff))) {
    return ttl as number;
  }
  throw new StorageError(
    "badItem",
    `The input ttl ${JSON.stringify(ttl)} is invalid. Ensure to provide a nonzero positive integer less than or equal to 2147483647, or -1 which means never expire.`,
  );
}

/** @throws StorageError badItem when a number within `value` was read as an infinity. */
export function checkNumbers(value: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new StorageError("badItem", "The item has a number that is out of the range of a double.");
  }
  if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) checkNumbers(inner);
}

/** Counts brackets outside strings, but only in text that has enough of them to matter. */
function checkDepth(body: string): void {
  if (body.length < maximumDepth * 2) return;
  let depth = 0;
  let position = 0;
  for (;;) {
    position = nextBracket(body, position);
    if (position < 0) return;
    const code = body.charCodeAt(position);
    if (code === 0x22) {
      position = endOfString(body, position + 1);
    } else {
      depth += code === 0x7b || code === 0x5b ? 1 : -1;
      if (depth > maximumDepth) {
        throw new StorageError("badItem", `The item is nested deeper than ${maximumDepth} levels.`);
      }
    }
    position += 1;
  }
}

const bracketOrQuote = /["[\]{}]/g;

function nextBracket(body: string, from: number): number {
  bracketOrQuote.lastIndex = from;
  const found = bracketOrQuote.exec(body);
  return found === null ? -1 : found.index;
}

function endOfString(body: string, from: number): number {
  let end = body.indexOf('"', from);
  while (isEscaped(body, end)) end = body.indexOf('"', end + 1);
  return end;
}

function isEscaped(body: string, position: number): boolean {
  let backslashes = 0;
  while (body.charCodeAt(position - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}
