import { type Type, type TypeNotation, typeOf } from "./type-notation.ts";

/** A property as every plugin's tables have it. */
interface TypedProperty {
  readonly type: TypeNotation;
  readonly required?: boolean;
}
type Properties = Readonly<Record<string, TypedProperty>>;

/** A resource type of a plugin's tables, with the object types that it may name. */
export interface DescribedType {
  readonly token: string;
  /** Stands before the names of object types, for example `azure-native:cosmosdb`. */
  readonly module: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly types: Readonly<Record<string, Properties>>;
}

interface PropertySpec {
  readonly [key: string]: unknown;
}

function specOf(type: Type, module: string): PropertySpec {
  switch (type.kind) {
    case "string":
    case "number":
    case "boolean":
      return { type: type.kind };
    case "constant":
      return { type: "string", const: type.value };
    case "set":
      return { type: "array", items: { type: "string" } };
    case "array":
      return { type: "array", items: specOf(type.element, module) };
    case "map":
      return { type: "object", additionalProperties: specOf(type.element, module) };
    case "union":
      return { oneOf: type.options.map((option) => specOf(option, module)) };
    case "object":
      return { type: "object", $ref: `#/types/${module}:${type.name}` };
    case "any":
      return { $ref: "pulumi.json#/Any" };
  }
}

function objectSpec(properties: Properties, module: string): PropertySpec {
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, specOf(typeOf(property.type), module)]),
    ),
    required: Object.entries(properties)
      .filter(([, property]) => property.required === true)
      .map(([name]) => name),
  };
}

/**
 * The package schema of what a local plugin knows, as JSON text in Pulumi's schema format.
 * @param name of the package, for example `azure-native`
 */
export function packageSchema(name: string, version: string, described: readonly DescribedType[]): string {
  const resources: Record<string, unknown> = {};
  const types: Record<string, unknown> = {};
  for (const { token, module, inputs, outputs, types: objectTypes } of described) {
    const { properties: inputProperties, required: requiredInputs } = objectSpec(inputs, module);
    const { properties } = objectSpec(outputs, module);
    resources[token] = { properties, inputProperties, requiredInputs };
    for (const [typeName, object] of Object.entries(objectTypes)) {
      types[`${module}:${typeName}`] ??= objectSpec(object, module);
    }
  }
  return JSON.stringify({ name, version, resources, types });
}
