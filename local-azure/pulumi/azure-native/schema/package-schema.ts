import { allResourceTypes } from "./catalog.ts";
import type { Properties } from "./resource-type.ts";
import { type Type, typeOf } from "./type-notation.ts";

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
      return { type: "object", $ref: `#/types/azure-native:${module}:${type.name}` };
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

/** The package schema of what the local plugin knows, as JSON text in Pulumi's schema format. */
export function packageSchema(version: string): string {
  const resources: Record<string, unknown> = {};
  const types: Record<string, unknown> = {};
  for (const { entry, types: objectTypes } of allResourceTypes()) {
    const module = entry.token.split(":")[1] ?? "";
    const { properties: inputProperties, required: requiredInputs } = objectSpec(entry.inputs, module);
    const { properties } = objectSpec(entry.outputs, module);
    resources[entry.token] = { properties, inputProperties, requiredInputs };
    for (const [name, object] of Object.entries(objectTypes)) {
      types[`azure-native:${module}:${name}`] ??= objectSpec(object, module);
    }
  }
  return JSON.stringify({ name: "azure-native", version, resources, types });
}
