import type { Change, PropertyChange, ResourceDiff, ResourceState } from "../provider/provider.ts";
import { typeOf } from "../provider/type-notation.ts";
import { isArray, isObject, sameValue, type Value, type Values } from "../provider/values.ts";
import { isZero, ordered } from "./convert.ts";
import { objectTypes } from "./schema/catalog.ts";
import type { Properties, Property, ResourceType } from "./schema/resource-type.ts";

type Found = Map<string, PropertyChange>;

/** Whether an input says nothing: it is a zero value, or what it would be without the program's saying. */
function saysNothing(value: Value | undefined, property: Property): boolean {
  return isZero(value) || sameValue(value, property.default as Value | undefined);
}

/** Whether two values of a property are the same, the order of a set aside. */
export function equal(one: Value | undefined, other: Value | undefined, set = false): boolean {
  if (set && isArray(one) && isArray(other)) return sameValue(ordered(one), ordered(other));
  return sameValue(one, other);
}

function compareProperty(
  path: string,
  property: Property,
  before: Value | undefined,
  after: Value | undefined,
  found: Found,
): void {
  if (equal(before, after, property.set)) return;
  if (after === undefined && property.computed === true) return;
  if (saysNothing(before, property) && saysNothing(after, property)) return;
  const type = typeOf(property.type);
  if (type.kind === "object" && isObject(before) && isObject(after)) {
    compareObjects(`${path}.`, objectTypes()[type.name] ?? {}, before, after, found);
    return;
  }
  const change: Change = before === undefined ? "add" : after === undefined ? "delete" : "update";
  found.set(path, { change, replaces: property.replaces === true });
}

function compareObjects(
  prefix: string,
  properties: Properties,
  before: Values,
  after: Values,
  found: Found,
): void {
  for (const [name, property] of Object.entries(properties)) {
    compareProperty(`${prefix}${name}`, property, before[name], after[name], found);
  }
}

/**
 * Compares old inputs with new ones. A replacement is made before the old resource goes, as the official plugin does
 * for types without generated names.
 */
export function diffInputs(resource: ResourceType, state: ResourceState, newInputs: Values): ResourceDiff {
  const detailed: Found = new Map();
  compareObjects("", resource.inputs, state.inputs, newInputs, detailed);
  return {
    detailed,
    changes: [...new Set([...detailed.keys()].map((path) => path.split(".")[0] ?? path))],
    replaces: [...detailed].filter(([, change]) => change.replaces).map(([path]) => path),
    deleteBeforeReplace: false,
  };
}
