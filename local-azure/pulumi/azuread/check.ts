import type { Checked } from "../provider/provider.ts";
import { typeOf } from "../provider/type-notation.ts";
import { isArray, isObject, UNKNOWN, type Value, type Values } from "../provider/values.ts";
import { objectTypes } from "./schema/catalog.ts";
import type { Properties, ResourceType } from "./schema/resource-type.ts";
import { crossFaults } from "./validate/cross-faults.ts";
import { textFault } from "./validate/text.ts";

/** A copy of the inputs with the defaults of what the program left out. */
function withDefaults(properties: Properties, inputs: Values): Values {
  const completed: Record<string, Value> = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = inputs[name];
    if (value === undefined) {
      if (property.default !== undefined) completed[name] = property.default as Value;
      continue;
    }
    const type = typeOf(property.type);
    const element = type.kind === "array" ? type.element : type;
    const inner = element.kind === "object" ? objectTypes()[element.name] : undefined;
    const complete = (part: Value) =>
      inner !== undefined && isObject(part) ? withDefaults(inner, part) : part;
    completed[name] = isArray(value) ? value.map(complete) : complete(value);
  }
  return completed;
}

function kindOf(value: Value): string {
  if (isArray(value)) return "a list";
  return isObject(value) ? "an object" : `a ${typeof value}`;
}

type Report = (path: string, reason: string) => void;

function validate(properties: Properties, inputs: Values, prefix: string, report: Report): void {
  for (const [name, property] of Object.entries(properties)) {
    const path = `${prefix}${name}`;
    const value = inputs[name];
    if (value === undefined) {
      if (property.required === true) report(path, "Missing required argument");
      continue;
    }
    if (value === UNKNOWN) continue;
    if (property.refused !== undefined)
      report(path, `The local azuread plugin does not support this: ${property.refused}`);
    const type = typeOf(property.type);
    const expected = type.kind === "map" ? "object" : type.kind;
    const actual = isArray(value) ? "array" : typeof value;
    if (expected !== actual) {
      report(path, `Expected ${expected === "array" ? "a list" : `a ${expected}`}, got ${kindOf(value)}`);
      continue;
    }
    const elements: readonly (readonly [string, Value])[] = isArray(value)
      ? value.map((element, index) => [`${path}[${index}]`, element] as const)
      : [[path, value]];
    const element = type.kind === "array" ? type.element : type;
    for (const [place, part] of elements) {
      if (element.kind === "object" && isObject(part)) {
        validate(objectTypes()[element.name] ?? {}, part, `${place}.`, report);
      } else if (typeof part === "string" || typeof part === "number") {
        const fault = textFault(part, property);
        if (fault !== undefined) report(place, fault);
      }
    }
  }
}

/**
 * Completes the inputs of a resource with defaults and validates them.
 * @param logicalName the resource's name in the program
 * @returns the completed inputs and one sentence for each fault
 */
export function checkInputs(resource: ResourceType, newInputs: Values, logicalName: string): Checked {
  const failures: string[] = [];
  const report: Report = (path, reason) => {
    failures.push(`${reason}. Examine values at '${logicalName}.${path}'.`);
  };
  for (const unknown of Object.keys(newInputs)) {
    if (!Object.hasOwn(resource.inputs, unknown)) report(unknown, "Invalid or unknown key");
  }
  const inputs = withDefaults(resource.inputs, newInputs);
  validate(resource.inputs, inputs, "", report);
  for (const names of resource.conflicts) {
    const given = names.filter((name) => newInputs[name] !== undefined);
    const [first, ...others] = given;
    if (first !== undefined && others.length > 0)
      report(first, `Conflicting configuration arguments: "${first}": conflicts with ${others.join(", ")}`);
  }
  if (failures.length === 0) crossFaults(resource.token, inputs, report);
  return { inputs, failures };
}
