import type { z } from "zod";
import { type Fault, type PathSegment, settingPath } from "../faults.ts";
import { configurationKey, LOCATION_KEY } from "../reading/raw.ts";
import { suggest } from "./nearest.ts";
import { exampleAt, knownKeys } from "./schema-lookup.ts";

type Issue = z.core.$ZodIssue;

/**
 * Says in our own words what zod found.
 *
 * @param issues issues of one parse with `reportInput` on.
 * @returns faults in the same order; an issue with several unknown keys gives one fault each.
 */
export function faultsOf(issues: readonly Issue[]): Fault[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((segment) => (typeof segment === "number" ? segment : String(segment)));
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => unknownKey(path, key));
      case "custom":
        return [{ path: settingPath(path), problem: issue.message, fix: String(issue.params?.fix) }];
      case "invalid_type":
        return [issue.input === undefined ? missing(path) : wrongType(path, issue.expected, issue.input)];
      case "invalid_value":
        return [
          issue.input === undefined ? missing(path) : wrongValue(path, issue.input, issue.values.map(String)),
        ];
      default:
        return [{ path: settingPath(path), problem: issue.message, fix: example(path) }];
    }
  });
}

function unknownKey(path: readonly PathSegment[], key: string): Fault {
  const known = knownKeys(path).filter((name) => name !== LOCATION_KEY);
  return {
    path: settingPath([...path, key]),
    problem: `"${key}" is not a known key`,
    fix: suggest(key, known, "key"),
  };
}

function missing(path: readonly PathSegment[]): Fault {
  return { path: settingPath(path), problem: "is missing", fix: example(path) };
}

function wrongType(path: readonly PathSegment[], expected: string, input: unknown): Fault {
  return {
    path: settingPath(path),
    problem: `must be ${describe(expected)}, not ${describe(kindOf(input))}`,
    fix: example(path),
  };
}

function wrongValue(path: readonly PathSegment[], input: unknown, values: readonly string[]): Fault {
  return {
    path: settingPath(path),
    problem: `${JSON.stringify(input)} is not a known value`,
    fix: suggest(String(input), values, "value"),
  };
}

function example(path: readonly PathSegment[]): string {
  const last = path.at(-1);
  const value = exampleAt(path);
  if (value !== undefined) {
    return typeof last === "number"
      ? `write for example: ${value}`
      : `write for example: ${leaf(path)}: ${value}`;
  }
  const keys = knownKeys(path);
  return keys.length > 0
    ? `write an object with the keys ${keys.join(", ")}`
    : "write an object with names as keys";
}

function leaf(path: readonly PathSegment[]): string {
  return path.length === 1 ? configurationKey(String(path[0])) : String(path.at(-1));
}

function kindOf(input: unknown): string {
  if (input === null) return "null";
  return Array.isArray(input) ? "array" : typeof input;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "empty",
};

function describe(kind: string): string {
  return KINDS[kind] ?? kind;
}
