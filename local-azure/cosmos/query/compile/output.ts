import { QueryError } from "../errors.ts";
import { type Frame, spendValue } from "../frame.ts";
import type { Count, SelectQuery } from "../syntax/ast.ts";
import { identityKey, isObject, setProperty } from "../value.ts";
import type { Layout } from "./scope.ts";

/** Takes the next result of a block; true when no further one is wanted. */
export type Accept = (value: unknown) => boolean;

/**
 * Compiles DISTINCT, TOP, OFFSET and LIMIT into a filter that is made anew for each run of the block.
 * Results that are undefined are no results and count for nothing.
 */
export function compileOutput(query: SelectQuery, layout: Layout): (frame: Frame, accept: Accept) => Accept {
  const top = compileCount(query.top, "TOP", layout);
  const offset = compileCount(query.offset, "OFFSET", layout);
  const limit = compileCount(query.limit, "LIMIT", layout);
  const { distinct } = query;
  if (!distinct && top === undefined && offset === undefined) {
    return (_frame, accept) => (value) => value !== undefined && accept(value);
  }
  return (frame, accept) => {
    let skip = offset?.(frame) ?? 0;
    const most = Math.min(
      (top?.(frame) ?? Number.POSITIVE_INFINITY) - skip,
      limit?.(frame) ?? Number.POSITIVE_INFINITY,
    );
    let left = most;
    const seen = new Set<string>();
    return (value) => {
      if (value === undefined) return left <= 0;
      if (left <= 0) return true;
      if (distinct) {
        const key = identityKey(value);
        if (seen.has(key)) return false;
        spendValue(frame);
        seen.add(key);
      }
      if (skip > 0) {
        skip -= 1;
        return false;
      }
      left -= 1;
      return accept(value) || left <= 0;
    };
  };
}

function compileCount(
  count: Count | undefined,
  clause: string,
  layout: Layout,
): ((frame: Frame) => number) | undefined {
  if (count === undefined) return undefined;
  if ("value" in count) return () => count.value;
  const index = layout.parameterNumber(count.parameter);
  return (frame) => {
    const value = frame.parameters[index];
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    throw new QueryError(
      `The value of ${count.parameter} is used in ${clause}, so it must be a whole number that is not negative.`,
      "SC2062",
    );
  };
}

/**
 * A result as JSON can hold it: NaN and infinities become the strings that the service writes for them
 * ("NaN", "Infinity", "-Infinity"). Copies what it has to change and all around it.
 */
export function withoutNonFinite(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(withoutNonFinite);
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) setProperty(copy, name, withoutNonFinite(value[name]));
  return copy;
}
