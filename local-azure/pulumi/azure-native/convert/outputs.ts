import { typeOf } from "../../provider/type-notation.ts";
import { isArray, UNKNOWN, type Value, type Values, valueAt } from "../../provider/values.ts";
import type { FunctionType, Properties, ResourceType } from "../schema/resource-type.ts";
import { convertValue, type ObjectTypes, type ShapeVisitor } from "./shape.ts";

function read(body: Value, properties: Properties, types: ObjectTypes): Record<string, Value> {
  const visitor: ShapeVisitor = {
    object: (value, inner) => read(value, inner, types),
    set: (value) => value,
  };
  const outputs: Record<string, Value> = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = valueAt(body, property.wire ?? name);
    if (value !== undefined && value !== null) {
      outputs[name] = convertValue(value, typeOf(property.type), types, visitor);
    }
  }
  return outputs;
}

/**
 * The outputs that a type declares, from an ARM response; fields it does not declare and nulls vanish.
 * The id is among them, and `azureApiVersion` is the version of the type's table.
 */
export function resourceOutputs(
  resource: ResourceType,
  types: ObjectTypes,
  body: Values,
): Record<string, Value> {
  return {
    ...read(body, resource.outputs, types),
    ...(typeof body.id === "string" ? { id: body.id } : {}),
    azureApiVersion: resource.apiVersion,
  };
}

/** The result of a function, from its response. */
export function functionOutputs(
  entry: FunctionType,
  types: ObjectTypes,
  body: Values,
): Record<string, Value> {
  return read(body, entry.outputs, types);
}

/**
 * Outputs of a deployment that has not happened: what the inputs say, and unknown for everything else.
 * @param kept outputs that are sure to keep their present value
 */
export function previewOutputs(
  resource: ResourceType,
  types: ObjectTypes,
  inputs: Values,
  kept: Values = {},
): Record<string, Value> {
  const preview = (given: Value | undefined, notation: string): Value => {
    const type = typeOf(notation);
    // An array of ids in the inputs that is an object in the outputs says nothing about its values.
    if (given === undefined || (type.kind === "map" && isArray(given))) return UNKNOWN;
    const visitor: ShapeVisitor = {
      object: (value, properties) =>
        Object.fromEntries(
          Object.entries(properties).map(([name, property]) => [name, preview(value[name], property.type)]),
        ),
      set: () => UNKNOWN,
    };
    return convertValue(given, type, types, visitor);
  };
  const outputs: Record<string, Value> = {};
  for (const [name, property] of Object.entries(resource.outputs)) {
    outputs[name] = kept[name] ?? preview(inputs[name], property.type);
  }
  return { ...outputs, azureApiVersion: resource.apiVersion };
}
