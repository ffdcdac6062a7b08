import { typeOf } from "../../provider/type-notation.ts";
import { isArray, isObject, setAt, type Value, type Values } from "../../provider/values.ts";
import type { ResourceType } from "../schema/resource-type.ts";
import { convertValue, type ObjectTypes, type ShapeVisitor } from "./shape.ts";

/** `$self/...` in a reference stands for the resource's own id. */
function withSelf(value: Value, resourceId: string): Value {
  return typeof value === "string" && value.startsWith("$self/")
    ? `${resourceId}/${value.slice("$self/".length)}`
    : value;
}

function bodyVisitor(types: ObjectTypes, resourceId: string): ShapeVisitor {
  const visitor: ShapeVisitor = {
    object(value, properties) {
      const body: Record<string, unknown> = {};
      const isReference = properties.id !== undefined && Object.keys(properties).length === 1;
      for (const [name, property] of Object.entries(properties)) {
        const given = value[name];
        if (given === undefined || given === null) continue;
        const converted = convertValue(given, typeOf(property.type), types, visitor);
        setAt(body, property.wire ?? name, isReference ? withSelf(converted, resourceId) : converted);
      }
      return body as Value;
    },
    set: (value) =>
      isArray(value) ? Object.fromEntries(value.map((element) => [String(element), {}])) : value,
  };
  return visitor;
}

/**
 * The ARM body of a PUT: only inputs that the type knows, each at its place on the wire.
 * @param resourceId the id that the resource has or will have
 */
export function requestBody(
  resource: ResourceType,
  types: ObjectTypes,
  inputs: Values,
  resourceId: string,
): Record<string, Value> {
  const visitor = bodyVisitor(types, resourceId);
  const body: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(resource.inputs)) {
    const given = inputs[name];
    if (property.inPath === true || given === undefined || given === null) continue;
    setAt(body, property.wire ?? name, convertValue(given, typeOf(property.type), types, visitor));
  }
  for (const container of resource.requiredContainers) {
    if (!isObject(body[container])) body[container] = {};
  }
  return body as Record<string, Value>;
}
