import { badRequest } from "./errors.ts";

/** One operation of a patch, as it is sent. */
export interface PatchOperation {
  readonly op: "add" | "set" | "replace" | "remove" | "incr" | "move";
  /** JSON pointer (RFC 6901). */
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

type Container = Record<string, unknown> | unknown[];

const kinds = new Set(["add", "set", "replace", "remove", "incr", "move"]);
/** https://learn.microsoft.com/azure/cosmos-db/partial-document-update#supported-operations */
const maximumOperations = 10;

/** @throws CosmosError 400 that names the operation by its place, counted from 1. */
export function readPatchOperations(value: unknown): readonly PatchOperation[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw badRequest("Patch request has no operations.");
  }
  if (value.length > maximumOperations) {
    throw badRequest(`Patch request has more than the maximum of ${maximumOperations} operations.`);
  }
  return (value as Record<string, unknown>[]).map((operation, index) => {
    const fault = (text: string) => badRequest(`For Operation(${index + 1}): ${text}`);
    const op = operation?.op === "increment" ? "incr" : operation?.op;
    if (typeof op !== "string" || !kinds.has(op))
      throw fault(`Invalid operation type ${JSON.stringify(op)}.`);
    if (typeof operation.path !== "string" || !operation.path.startsWith("/")) {
      throw fault("The path must be a JSON pointer that begins with '/'.");
    }
    if (op === "move" && (typeof operation.from !== "string" || !operation.from.startsWith("/"))) {
      throw fault("Move needs 'from', a JSON pointer that begins with '/'.");
    }
    if (op !== "move" && op !== "remove" && !Object.hasOwn(operation, "value")) {
      throw fault(`${nameOf(op)} needs a 'value'.`);
    }
    if (op === "incr" && typeof operation.value !== "number") {
      throw fault("Increment needs a number as its 'value'.");
    }
    return { ...operation, op } as unknown as PatchOperation;
  });
}

/**
 * Applies `operations` to `item` in their order, changing it.
 *
 * @throws CosmosError 400 for a path that the operation cannot be applied to.
 */
export function applyPatch(item: Record<string, unknown>, operations: readonly PatchOperation[]): void {
  operations.forEach((operation, index) => {
    const fault = (text: string) => badRequest(`For Operation(${index + 1}): ${text}`);
    apply(item, operation, fault);
  });
}

type Fault = (text: string) => Error;

function apply(item: Record<string, unknown>, operation: PatchOperation, fault: Fault): void {
  if (operation.op === "move") {
    const from = operation.from ?? "";
    if (operation.path === from) return;
    if (operation.path.startsWith(`${from}/`)) throw fault("The path cannot be a child of 'from'.");
    const source = locate(item, from, fault);
    const value = existing(source, "Move", fault);
    removeAt(source);
    add(locate(item, operation.path, fault), value);
    return;
  }
  const place = locate(item, operation.path, fault);
  switch (operation.op) {
    case "add":
      add(place, operation.value);
      return;
    case "set":
      put(place, operation.value);
      return;
    case "replace":
      existing(place, "Replace", fault);
      put(place, operation.value);
      return;
    case "remove":
      existing(place, "Remove", fault);
      removeAt(place);
      return;
    case "incr":
      increment(place, operation.value as number, fault);
      return;
    default:
      operation.op satisfies never;
  }
}

/** Where a pointer ends: `key` is a property name, or a position in an array (its length for `-`). */
interface Place {
  readonly parent: Container;
  readonly key: string | number;
}

function locate(item: Record<string, unknown>, pointer: string, fault: Fault): Place {
  const names = pointer
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  let parent: Container = item;
  for (const name of names.slice(0, -1)) {
    const key = keyIn(parent, name, fault);
    const next: unknown = read(parent, key);
    if (typeof next !== "object" || next === null) {
      throw fault(`The path ${pointer} goes through something that does not exist.`);
    }
    parent = next as Container;
  }
  return { parent, key: keyIn(parent, names.at(-1) ?? "", fault) };
}

function keyIn(parent: Container, name: string, fault: Fault): string | number {
  if (!Array.isArray(parent)) return name;
  if (name === "-") return parent.length;
  if (!/^(0|[1-9]\d*)$/.test(name)) throw fault(`${JSON.stringify(name)} is no position in an array.`);
  const position = Number(name);
  if (position > parent.length) throw fault(`The position ${name} is beyond the end of the array.`);
  return position;
}

function read(parent: Container, key: string | number): unknown {
  if (Array.isArray(parent)) return parent[key as number];
  return Object.hasOwn(parent, key) ? parent[key as string] : undefined;
}

function exists({ parent, key }: Place): boolean {
  return Array.isArray(parent) ? (key as number) < parent.length : Object.hasOwn(parent, key);
}

function existing(place: Place, operation: string, fault: Fault): unknown {
  if (!exists(place)) throw fault(`${operation} Operation can only be performed on existing path.`);
  return read(place.parent, place.key);
}

function put({ parent, key }: Place, value: unknown): void {
  if (Array.isArray(parent)) parent[key as number] = value;
  else Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

function add(place: Place, value: unknown): void {
  if (Array.isArray(place.parent)) place.parent.splice(place.key as number, 0, value);
  else put(place, value);
}

function removeAt({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(key as number, 1);
  else delete parent[key as string];
}

function increment(place: Place, by: number, fault: Fault): void {
  if (!exists(place)) {
    put(place, by);
    return;
  }
  const current = read(place.parent, place.key);
  if (typeof current !== "number") throw fault("Increment can only be performed on a number.");
  put(place, current + by);
}

function nameOf(op: string): string {
  return op === "incr" ? "Increment" : op.slice(0, 1).toUpperCase() + op.slice(1);
}
