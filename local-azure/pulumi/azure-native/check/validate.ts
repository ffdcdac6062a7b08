import { type Type, typeOf } from "../../provider/type-notation.ts";
import { isArray, isObject, UNKNOWN, type Value, type Values } from "../../provider/values.ts";
import { matches, type ObjectTypes } from "../convert/shape.ts";
import type { Property, ResourceType } from "../schema/resource-type.ts";

const locationHint =
  ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'.";

function kindOf(value: Value): string {
  if (isArray(value)) return "an array";
  if (isObject(value)) return "an object";
  return `a ${typeof value}`;
}

function nameOfKind(type: Type): string {
  if (type.kind === "map") return "object";
  if (type.kind === "set") return "array";
  return type.kind;
}

class Validator {
  readonly reasons: string[] = [];
  readonly #types: ObjectTypes;

  constructor(types: ObjectTypes) {
    this.#types = types;
  }

  mismatch(path: string, expected: Type, value: Value): void {
    this.reasons.push(`'${path}' should be of type '${nameOfKind(expected)}' but got ${kindOf(value)}`);
  }

  properties(values: Values, properties: Readonly<Record<string, Property>>, prefix: string): void {
    for (const [name, property] of Object.entries(properties)) {
      const path = `${prefix}${name}`;
      const value = values[name];
      if (value === undefined || value === null) {
        if (property.required === true) {
          this.reasons.push(`missing required property '${path}'${path === "location" ? locationHint : ""}`);
        }
        continue;
      }
      this.value(value, typeOf(property.type), path);
      if (typeof value === "string" && value !== UNKNOWN) this.text(value, property, path);
    }
  }

  text(value: string, property: Property, path: string): void {
    const { minLength, maxLength, pattern } = property;
    if (minLength !== undefined && value.length < minLength) {
      this.reasons.push(
        `'${path}' is too short (${value.length}): at least ${minLength} characters required`,
      );
    }
    if (maxLength !== undefined && value.length > maxLength) {
      this.reasons.push(`'${path}' is too long (${value.length}): at most ${maxLength} characters allowed`);
    }
    if (pattern !== undefined && !new RegExp(pattern).test(value)) {
      this.reasons.push(`'${path}' does not match expression '${pattern}'`);
    }
  }

  value(value: Value, type: Type, path: string): void {
    if (value === UNKNOWN || value === null) return;
    switch (type.kind) {
      case "string":
      case "number":
      case "boolean":
        if (typeof value !== type.kind) this.mismatch(path, type, value);
        return;
      case "set":
        this.value(value, { kind: "array", element: { kind: "string" } }, path);
        return;
      case "array":
        if (!isArray(value)) this.mismatch(path, type, value);
        else
          value.forEach((element, index) => {
            this.value(element, type.element, `${path}[${index}]`);
          });
        return;
      case "map":
        if (!isObject(value)) this.mismatch(path, type, value);
        else
          for (const [key, element] of Object.entries(value))
            this.value(element, type.element, `${path}.${key}`);
        return;
      case "object":
        if (!isObject(value)) this.mismatch(path, type, value);
        else this.properties(value, this.#types[type.name] ?? {}, `${path}.`);
        return;
      case "union": {
        const option = type.options.find((candidate) => matches(value, candidate, this.#types));
        if (option !== undefined && isObject(value)) this.value(value, option, path);
        return;
      }
      case "constant":
      case "any":
        return;
    }
  }
}

/**
 * Checks inputs against a resource type: required properties, types, lengths and patterns. Enumerations and free-form
 * values pass, unknown extra inputs are ignored.
 * @returns one sentence for each fault
 */
export function validateInputs(
  resource: ResourceType,
  types: ObjectTypes,
  inputs: Values,
): readonly string[] {
  const validator = new Validator(types);
  validator.properties(inputs, resource.inputs, "");
  return validator.reasons;
}
