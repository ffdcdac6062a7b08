import { limitExceeded } from "../errors.ts";
import { equalValues, identityKey, isObject, setProperty } from "../value.ts";
import { define, defineTotal, type FunctionDefinition, type FunctionTable } from "./definition.ts";

/** The most elements that an array function may build. */
const maximumElements = 1_000_000;

function concat(arrays: readonly unknown[]): unknown[] | undefined {
  if (!arrays.every((array) => Array.isArray(array))) return undefined;
  if (arrays.reduce((sum, array) => sum + array.length, 0) > maximumElements) {
    throw limitExceeded(
      `An expression of the query builds an array of more than ${maximumElements} elements.`,
    );
  }
  return arrays.flat();
}

/** With `partial` an object matches when it has all the properties of the wanted one with equal values. */
function contains([array, wanted, partial = false]: readonly unknown[]): boolean | undefined {
  if (!Array.isArray(array) || wanted === undefined || typeof partial !== "boolean") return undefined;
  return array.some((element) =>
    partial && isObject(wanted)
      ? isObject(element) &&
        Object.keys(wanted).every(
          (name) => Object.hasOwn(element, name) && equalValues(element[name], wanted[name]),
        )
      : equalValues(element, wanted),
  );
}

function slice([array, start, count = maximumElements]: readonly unknown[]): unknown[] | undefined {
  if (!Array.isArray(array) || !Number.isInteger(start) || !Number.isInteger(count)) return undefined;
  const from = Number(start) < 0 ? Math.max(array.length + Number(start), 0) : Number(start);
  return array.slice(from, from + Math.max(Number(count), 0));
}

/** Elements of the first array in their order, each once, for which `keep` holds. */
function distinct(array: readonly unknown[], keep: (key: string) => boolean): unknown[] {
  const seen = new Set<string>();
  return array.filter((element) => {
    const key = identityKey(element);
    if (seen.has(key) || !keep(key)) return false;
    seen.add(key);
    return true;
  });
}

function intersect([left, right]: readonly unknown[]): unknown[] | undefined {
  if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
  const keys = new Set(right.map(identityKey));
  return distinct(left, (key) => keys.has(key));
}

function union([left, right]: readonly unknown[]): unknown[] | undefined {
  if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
  return distinct([...left, ...right], () => true);
}

/** The value at a place among the further arguments, counted from 1. */
function choose([place, ...values]: readonly unknown[]): unknown {
  return Number.isInteger(place) ? values[Number(place) - 1] : undefined;
}

function objectToArray([object, keyName = "k", valueName = "v"]: readonly unknown[]): unknown[] | undefined {
  if (!isObject(object) || typeof keyName !== "string" || typeof valueName !== "string") return undefined;
  return Object.keys(object).map((name) => {
    const entry: Record<string, unknown> = {};
    setProperty(entry, keyName, name);
    setProperty(entry, valueName, object[name]);
    return entry;
  });
}

/**
 * ARRAY_CONTAINS_ANY and ARRAY_CONTAINS_ALL. A wanted value that is undefined makes the answer undefined,
 * unless the other values decide it: one that is there for ANY, one that is missing for ALL.
 */
function defineContains(deciding: boolean): FunctionDefinition {
  return defineTotal(2, Number.POSITIVE_INFINITY, ([array, ...wanted]) => {
    if (!Array.isArray(array)) return undefined;
    const isThere = (value: unknown) => array.some((element) => equalValues(element, value));
    if (wanted.some((value) => value !== undefined && isThere(value) === deciding)) return deciding;
    return wanted.includes(undefined) ? undefined : !deciding;
  });
}

/** Array and set functions; arguments of a wrong type give undefined. */
export const arrayFunctions: FunctionTable = new Map<string, FunctionDefinition>([
  ["ARRAY_CONCAT", define(2, Number.POSITIVE_INFINITY, concat)],
  ["ARRAY_CONTAINS", defineTotal(2, 3, contains)],
  ["ARRAY_CONTAINS_ANY", defineContains(true)],
  ["ARRAY_CONTAINS_ALL", defineContains(false)],
  ["ARRAY_LENGTH", define(1, 1, ([array]) => (Array.isArray(array) ? array.length : undefined))],
  ["ARRAY_SLICE", define(2, 3, slice)],
  ["CHOOSE", defineTotal(2, Number.POSITIVE_INFINITY, choose)],
  ["OBJECTTOARRAY", define(1, 3, objectToArray)],
  ["SETINTERSECT", define(2, 2, intersect)],
  ["SETUNION", define(2, 2, union)],
]);
