import { typeOf } from "../../provider/type-notation.ts";
import { isArray, isObject, sameValue, type Value, type Values } from "../../provider/values.ts";
import type { Properties, ResourceType } from "../schema/resource-type.ts";
import { convertValue, type ObjectTypes, type ShapeVisitor } from "./shape.ts";

function project(outputs: Values, properties: Properties, types: ObjectTypes): Record<string, Value> {
  const visitor: ShapeVisitor = {
    object: (value, inner) => project(value, inner, types),
    set: (value) => (isObject(value) ? Object.keys(value) : value),
  };
  const inputs: Record<string, Value> = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = outputs[name];
    if (property.inPath === true || value === undefined || value === null) continue;
    inputs[name] = convertValue(value, typeOf(property.type), types, visitor);
  }
  return inputs;
}

/** What the outputs of a resource say about its inputs; path parameters are not among them. */
export function inputsOfOutputs(
  resource: ResourceType,
  types: ObjectTypes,
  outputs: Values,
): Record<string, Value> {
  return project(outputs, resource.inputs, types);
}

function isEmpty(value: Value): boolean {
  return (isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
}

function withoutEmpty(value: Value): Value {
  if (isArray(value)) return value.map((element) => withoutEmpty(element));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, element]): [string, Value] => [key, withoutEmpty(element)])
      .filter(([, element]) => !isEmpty(element)),
  );
}

/**
 * The inputs of a resource that is imported: path parameters from its id, the rest from its outputs.
 * @param pathParameters from `parseResourceId`
 */
export function importedInputs(
  resource: ResourceType,
  types: ObjectTypes,
  outputs: Values,
  pathParameters: Readonly<Record<string, string>>,
): Record<string, Value> {
  const { id: _, ...inputs } = withoutEmpty(inputsOfOutputs(resource, types, outputs)) as Values;
  const { subscriptionId: __, ...parameters } = pathParameters;
  return { ...inputs, ...parameters };
}

/**
 * Merges drift into inputs: what differs between the projections of the old and the new state is taken over,
 * everything else stays as the program wrote it. Arrays are compared by position.
 */
export function mergeDrift(
  inputs: Value | undefined,
  before: Value | undefined,
  after: Value | undefined,
): Value | undefined {
  if (sameValue(before, after)) return inputs;
  if (isObject(before) && isObject(after) && isObject(inputs)) {
    const merged: Record<string, Value> = { ...inputs };
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const value = mergeDrift(inputs[key], before[key], after[key]);
      if (value === undefined) delete merged[key];
      else merged[key] = value;
    }
    return merged;
  }
  if (isArray(before) && isArray(after) && isArray(inputs) && before.length === inputs.length) {
    return after.map((element, index) => mergeDrift(inputs[index], before[index], element) ?? element);
  }
  return after;
}
