import { type Type, typeOf } from "../provider/type-notation.ts";
import { isArray, isObject, setAt, type Value, type Values, valueAt } from "../provider/values.ts";
import { objectTypes } from "./schema/catalog.ts";
import type { Properties, Property } from "./schema/resource-type.ts";

/**
 * The body of a write: every input that has a place in Graph's object, and for absent inputs what the table says.
 * @param nulls whether `null`, which clears a property, is sent for absent inputs; a new object needs none
 */
export function toGraph(properties: Properties, inputs: Values, nulls = true): Record<string, Value> {
  const body: Record<string, Value> = {};
  for (const property of Object.entries(properties)) {
    const [name, { wire, type }] = property;
    if (wire === undefined) continue;
    const given = inputs[name];
    const value = given === undefined ? absentValue(property[1], nulls) : valueToGraph(given, typeOf(type));
    if (value !== undefined) setAt(body, wire, value);
  }
  return body;
}

function absentValue(property: Property, nulls: boolean): Value | undefined {
  if (!Object.hasOwn(property, "absent")) return undefined;
  const absent = property.absent as Value;
  if (absent === null) return nulls ? null : undefined;
  const type = typeOf(property.type);
  return type.kind === "object" && isObject(absent) ? valueToGraph({}, type) : absent;
}

function valueToGraph(value: Value, type: Type): Value {
  if (type.kind === "array" && isArray(value))
    return value.map((element) => valueToGraph(element, type.element));
  if (type.kind === "object" && isObject(value)) return toGraph(objectTypes()[type.name] ?? {}, value);
  return value;
}

const zeros: Readonly<Record<string, Value>> = {
  string: "",
  number: 0,
  boolean: false,
  array: [],
  map: {},
};

/** What Graph's object says of properties that have a place in it; those that may be absent are when Graph has none. */
export function fromGraph(properties: Properties, body: Values): Record<string, Value> {
  const outputs: Record<string, Value> = {};
  for (const [name, property] of Object.entries(properties)) {
    if (property.wire === undefined) continue;
    const type = typeOf(property.type);
    const value = valueAt(body, property.wire);
    if (value !== undefined && value !== null && value !== "") {
      const converted = valueFromGraph(value, type);
      outputs[name] = property.set === true && isArray(converted) ? ordered(converted) : converted;
    } else if (property.required === true && zeros[type.kind] !== undefined) {
      outputs[name] = zeros[type.kind] ?? null;
    }
  }
  return outputs;
}

function valueFromGraph(value: Value, type: Type): Value {
  if (type.kind === "array" && isArray(value))
    return value.map((element) => valueFromGraph(element, type.element));
  if (type.kind === "object" && isObject(value)) return fromGraph(objectTypes()[type.name] ?? {}, value);
  return value;
}

/** The elements of a set in an order that depends on them alone. */
export function ordered(elements: readonly Value[]): readonly Value[] {
  const key = (element: Value) => (typeof element === "string" ? element : JSON.stringify(element));
  return elements.toSorted((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
}

/** A value that says no more than an absent one: Terraform's zero values, in which the official plugin thinks. */
export function isZero(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  if (isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every((part) => isZero(part));
}
