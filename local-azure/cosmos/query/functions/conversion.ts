import { isObject } from "../value.ts";
import { define, type FunctionDefinition, type FunctionTable } from "./definition.ts";

/** Converts a string that is JSON for a value of the wanted type; blanks around it do not matter. */
function fromText(wanted: (value: unknown) => boolean): FunctionDefinition {
  return define(1, 1, ([text]) => {
    if (typeof text !== "string") return undefined;
    try {
      const value: unknown = JSON.parse(text);
      return wanted(value) ? value : undefined;
    } catch {
      return undefined;
    }
  });
}

function toText([value]: readonly unknown[]): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Conversions between strings and other types; a string that cannot be converted gives undefined. */
export const conversionFunctions: FunctionTable = new Map<string, FunctionDefinition>([
  ["STRINGTOARRAY", fromText(Array.isArray)],
  ["STRINGTOBOOLEAN", fromText((value) => typeof value === "boolean")],
  ["STRINGTONULL", fromText((value) => value === null)],
  ["STRINGTONUMBER", fromText((value) => typeof value === "number" && Number.isFinite(value))],
  ["STRINGTOOBJECT", fromText(isObject)],
  ["TOSTRING", define(1, 1, toText)],
]);
