import { isArray, isObject, sameValue, type Value, type Values } from "../provider/values.ts";
import { isZero } from "./convert.ts";
import type { ResourceType } from "./schema/resource-type.ts";

/** The outputs that are inputs too. */
function asInputs(resource: ResourceType, outputs: Values): Values {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => Object.hasOwn(resource.inputs, name)));
}

function merge(
  inputs: Value | undefined,
  before: Value | undefined,
  after: Value | undefined,
): Value | undefined {
  if (sameValue(before, after) || (isZero(before) && isZero(after))) return inputs;
  if (isObject(inputs) && isObject(after) && !isArray(before)) {
    const was = isObject(before) ? before : {};
    const merged: Record<string, Value> = {};
    for (const key of new Set([...Object.keys(inputs), ...Object.keys(after)])) {
      const value = merge(inputs[key], was[key], after[key]);
      if (value !== undefined) merged[key] = value;
    }
    return merged;
  }
  return isZero(after) ? undefined : after;
}

/**
 * The inputs after a refresh: what differs between the old and the new state is taken over, everything else stays as
 * the program wrote it.
 */
export function driftedInputs(resource: ResourceType, inputs: Values, before: Values, after: Values): Values {
  return merge(inputs, asInputs(resource, before), asInputs(resource, after)) as Values;
}

/** The inputs of a resource that is imported: everything that says something, and says it in the plain form. */
export function importedInputs(resource: ResourceType, outputs: Values): Values {
  const otherForms = new Set(resource.conflicts.flatMap((names) => names.slice(0, -1)));
  return Object.fromEntries(
    Object.entries(asInputs(resource, outputs)).filter(
      ([name, value]) => !otherForms.has(name) && !isZero(value),
    ),
  );
}
