import { badRequest } from "./graph-error.ts";

export type Properties = Readonly<Record<string, unknown>>;

/**
 * The kind of value that a property takes. Every property may also be written as null, which clears it.
 * `unset` is for what clients always send and the local Graph does not have: only the value that means "not set".
 */
export type Kind =
  | "text"
  | "flag"
  | "integer"
  | "guid"
  | "texts"
  | "guids"
  | "unset"
  | { readonly longest: number }
  | { readonly oneOf: readonly (string | number)[] }
  | { readonly object: Shape }
  | { readonly list: Shape };

/** The properties that a client may write, with the kind of value each takes. */
export type Shape = Readonly<Record<string, Kind>>;

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isGuid(value: unknown): value is string {
  return typeof value === "string" && guid.test(value);
}

const simpleKinds: Readonly<
  Record<Exclude<Kind, object>, { readonly wanted: string; readonly holds: (value: unknown) => boolean }>
> = {
  text: { wanted: "a string", holds: (value) => typeof value === "string" },
  flag: { wanted: "true or false", holds: (value) => typeof value === "boolean" },
  integer: { wanted: "a whole number", holds: Number.isSafeInteger },
  guid: { wanted: "a GUID", holds: isGuid },
  texts: {
    wanted: "a list of strings",
    holds: (value) => isListOf(value, (item) => typeof item === "string"),
  },
  guids: { wanted: "a list of GUIDs", holds: (value) => isListOf(value, isGuid) },
  unset: {
    wanted: "left out or empty: the local Graph has nothing of this kind",
    holds: (value) => value === false || value === "" || (Array.isArray(value) && value.length === 0),
  },
};

/**
 * Checks a body against a shape and answers the properties that it holds. OData annotations are dropped, null in the place
 * of a list is an empty list, GUIDs get lower case.
 *
 * @param type the type's name, for refusals: `Application`.
 * @param besides properties that the operation reads itself.
 * @throws GraphError 400 that names the first property that is unknown, not supported or of another kind.
 */
export function readProperties(
  body: Properties,
  shape: Shape,
  type: string,
  besides: readonly string[] = [],
): Properties {
  return readObject(body, shape, { type, path: "", besides });
}

interface Place {
  readonly type: string;
  /** Of the object that holds the property: empty, or ending in a point. */
  readonly path: string;
  readonly besides: readonly string[];
}

function readObject(value: Properties, shape: Shape, place: Place): Properties {
  const read: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(value)) {
    if (name === "@odata.type" || place.besides.includes(name)) continue;
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const path = `${place.path}${name}`;
    if (kind === undefined) {
      throw badRequest(
        `The property '${path.slice(0, 100)}' of the type '${place.type}' is not supported by the local Graph, or is read-only.`,
      );
    }
    read[name] = given === null ? emptyOf(kind) : readValue(given, kind, { ...place, path });
  }
  return read;
}

/** `place.path` is the path of the value itself here. */
function readValue(value: unknown, kind: Kind, place: Place): unknown {
  const refuse = (wanted: string) =>
    badRequest(`The property '${place.path}' of the type '${place.type}' must be ${wanted}.`);
  if (typeof kind === "string") {
    const { holds, wanted } = simpleKinds[kind];
    if (!holds(value)) throw refuse(wanted);
    if (kind === "guid") return String(value).toLowerCase();
    return kind === "guids" && Array.isArray(value) ? value.map((id) => String(id).toLowerCase()) : value;
  }
  if ("longest" in kind) {
    if (typeof value !== "string") throw refuse("a string");
    if (value.length > kind.longest) throw refuse(`at most ${kind.longest} characters long`);
    return value;
  }
  if ("oneOf" in kind) {
    if (!kind.oneOf.some((option) => option === value)) throw refuse(`one of ${kind.oneOf.join(", ")}`);
    return value;
  }
  if ("object" in kind) {
    if (!isObject(value)) throw refuse("an object");
    return readObject(value, kind.object, { ...place, path: `${place.path}.`, besides: [] });
  }
  if (!Array.isArray(value) || !value.every(isObject)) throw refuse("a list of objects");
  return value.map((item, index) =>
    readObject(item, kind.list, { ...place, path: `${place.path}[${index}].`, besides: [] }),
  );
}

function emptyOf(kind: Kind): unknown {
  const isList = kind === "texts" || kind === "guids" || (typeof kind === "object" && "list" in kind);
  return isList ? [] : null;
}

function isListOf(value: unknown, holds: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(holds);
}

/**
 * PATCH as Graph does it: nested objects are merged, lists are replaced, null clears. A cleared property is not kept, so that
 * it has its default again.
 */
export function merge(before: Properties, change: Properties): Properties {
  return Object.fromEntries(Object.entries(mergeDeep(before, change)).filter(([, value]) => value !== null));
}

/** What was written over what Graph shows of a new object. */
export function withDefaults(defaults: Properties, written: Properties): Properties {
  return mergeDeep(defaults, written);
}

function mergeDeep(before: Properties, change: Properties): Properties {
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const kept = Object.hasOwn(merged, name) ? merged[name] : undefined;
    merged[name] = isObject(value) && isObject(kept) ? mergeDeep(kept, value) : value;
  }
  return merged;
}
