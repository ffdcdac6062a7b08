import { isObject, isPrimitive } from "../value.ts";
import { defineTotal, type FunctionTable } from "./definition.ts";

const checks: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ["IS_ARRAY", Array.isArray],
  ["IS_BOOL", (value) => typeof value === "boolean"],
  ["IS_DEFINED", (value) => value !== undefined],
  ["IS_FINITE_NUMBER", (value) => Number.isFinite(value)],
  // The service counts whole numbers that fit 64 bits.
  ["IS_INTEGER", (value) => Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** 63],
  ["IS_NULL", (value) => value === null],
  ["IS_NUMBER", (value) => typeof value === "number"],
  ["IS_OBJECT", isObject],
  ["IS_PRIMITIVE", isPrimitive],
  ["IS_STRING", (value) => typeof value === "string"],
];

/** IS_… functions: always true or false, and false for undefined. */
export const typeFunctions: FunctionTable = new Map(
  checks.map(([name, check]) => [name, defineTotal(1, 1, ([value]) => check(value))]),
);
