import type { Found, ResourceState } from "../../provider/provider.ts";
import { isObject, type Value, type Values } from "../../provider/values.ts";
import { importedInputs, inputsOfOutputs, mergeDrift } from "../convert/inputs.ts";
import { resourceOutputs } from "../convert/outputs.ts";
import { parseResourceId } from "../schema/resource-path.ts";
import { type ResourceOperation, readBody } from "./context.ts";

/** A copy of the inputs without the value at a dotted path. */
function without(inputs: Values, path: string): Values {
  const [key = path, ...rest] = path.split(".");
  if (rest.length === 0) {
    const { [key]: _, ...others } = inputs;
    return others;
  }
  const inner = inputs[key];
  return isObject(inner) ? { ...inputs, [key]: without(inner, rest.join(".")) } : inputs;
}

function at(inputs: Values, path: string): Value | undefined {
  return path
    .split(".")
    .reduce<Value | undefined>((value, key) => (isObject(value) ? value[key] : undefined), inputs);
}

/**
 * Reads a resource for a refresh (with the inputs and outputs of the state) or an import (without).
 * @returns `undefined` when the resource is gone
 */
export async function readResource(
  operation: ResourceOperation,
  id: string,
  state: ResourceState | undefined,
): Promise<Found | undefined> {
  const { entry, types } = operation.resource;
  const pathParameters = parseResourceId(id, entry);
  const body = await readBody(operation, id);
  if (body === undefined) return undefined;
  const outputs = resourceOutputs(entry, types, body);
  const foundId = typeof body.id === "string" ? body.id : id;
  if (state === undefined) {
    return { id: foundId, inputs: importedInputs(entry, types, outputs, pathParameters), outputs };
  }
  let before: Values = inputsOfOutputs(entry, types, state.outputs);
  let after: Values = inputsOfOutputs(entry, types, outputs);
  for (const collection of entry.maintained) {
    if (at(state.inputs, collection) !== undefined) continue;
    before = without(before, collection);
    after = without(after, collection);
  }
  return { id: foundId, inputs: mergeDrift(state.inputs, before, after) as Values, outputs };
}
