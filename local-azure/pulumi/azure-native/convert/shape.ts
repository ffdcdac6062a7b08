import { type Type, typeOf } from "../../provider/type-notation.ts";
import { isArray, isObject, type Value } from "../../provider/values.ts";
import type { Properties } from "../schema/resource-type.ts";

export type ObjectTypes = Readonly<Record<string, Properties>>;

/**
 * Whether a value can be one of a union's object types: every constant property that it gives must match.
 */
export function matches(value: Value, type: Type, types: ObjectTypes): boolean {
  if (type.kind !== "object" || !isObject(value)) return true;
  return Object.entries(types[type.name] ?? {}).every(([name, property]) => {
    const expected = typeOf(property.type);
    const given = value[property.wire ?? name] ?? value[name];
    return expected.kind !== "constant" || given === undefined || given === expected.value;
  });
}

/** What happens at the objects and sets of a value; everything else is copied. */
export interface ShapeVisitor {
  object(value: { readonly [key: string]: Value }, properties: Properties): Value;
  set(value: Value): Value;
}

/**
 * Walks a value along its declared type. A value whose shape does not fit its type is copied as it is, because the
 * service is the judge of it.
 */
export function convertValue(value: Value, type: Type, types: ObjectTypes, visitor: ShapeVisitor): Value {
  switch (type.kind) {
    case "array":
      return isArray(value)
        ? value.map((element) => convertValue(element, type.element, types, visitor))
        : value;
    case "map":
      return isObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, element]) => [
              key,
              convertValue(element, type.element, types, visitor),
            ]),
          )
        : value;
    case "union": {
      const option = type.options.find((candidate) => matches(value, candidate, types));
      return option === undefined ? value : convertValue(value, option, types, visitor);
    }
    case "object":
      return isObject(value) ? visitor.object(value, types[type.name] ?? {}) : value;
    case "set":
      return visitor.set(value);
    default:
      return value;
  }
}
