import { noteNumber } from "../frame.ts";
import {
  define,
  defineNumeric,
  defineTotal,
  type FunctionDefinition,
  type FunctionTable,
} from "./definition.ts";

/** Rounds half away from zero, to `digits` decimal places (negative: tens, hundreds, …). */
function round(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  const magnitude = Math.abs(value);
  // Shifting through the decimal text avoids 1.005 * 100 = 100.49999999999999.
  const shifted = Math.floor(Number(shiftDecimal(magnitude, digits)) + 0.5);
  return Math.sign(value) * Number(shiftDecimal(shifted, -digits));
}

function shiftDecimal(value: number, places: number): string {
  const [digits = "0", exponent = "0"] = String(value).split("e");
  return `${digits}e${Number(exponent) + places}`;
}

function defineNumericPair(operate: (left: number, right: number) => number): FunctionDefinition {
  return define(2, 2, ([left, right], frame) =>
    typeof left === "number" && typeof right === "number"
      ? noteNumber(frame, operate(left, right))
      : undefined,
  );
}

/** Numeric functions. Angles are in radians. */
export const mathFunctions: FunctionTable = new Map<string, FunctionDefinition>([
  ["ABS", defineNumeric(Math.abs)],
  ["ACOS", defineNumeric(Math.acos)],
  ["ASIN", defineNumeric(Math.asin)],
  ["ATAN", defineNumeric(Math.atan)],
  ["ATN2", defineNumericPair(Math.atan2)],
  ["CEILING", defineNumeric(Math.ceil)],
  ["COS", defineNumeric(Math.cos)],
  ["COT", defineNumeric((value) => 1 / Math.tan(value))],
  ["DEGREES", defineNumeric((value) => (180 / Math.PI) * value)],
  ["EXP", defineNumeric(Math.exp)],
  ["FLOOR", defineNumeric(Math.floor)],
  [
    "LOG",
    define(1, 2, ([value, base], frame) => {
      if (typeof value !== "number") return undefined;
      if (base === undefined) return noteNumber(frame, Math.log(value));
      return typeof base === "number" ? noteNumber(frame, Math.log(value) / Math.log(base)) : undefined;
    }),
  ],
  ["LOG10", defineNumeric(Math.log10)],
  [
    "NUMBERBIN",
    define(1, 2, ([value, size = 1], frame) =>
      typeof value === "number" && typeof size === "number" && size !== 0
        ? noteNumber(frame, Math.floor(value / size) * size)
        : undefined,
    ),
  ],
  ["PI", define(0, 0, () => Math.PI)],
  ["POWER", defineNumericPair((base, exponent) => base ** exponent)],
  ["RADIANS", defineNumeric((value) => (Math.PI * value) / 180)],
  ["RAND", define(0, 0, (_values, frame) => frame.environment.random())],
  [
    "ROUND",
    define(1, 2, ([value, digits = 0], frame) =>
      typeof value === "number" && Number.isInteger(digits)
        ? noteNumber(frame, round(value, Number(digits)))
        : undefined,
    ),
  ],
  ["SIGN", defineNumeric(Math.sign)],
  ["SIN", defineNumeric(Math.sin)],
  ["SQRT", defineNumeric(Math.sqrt)],
  ["SQUARE", defineNumeric((value) => value * value)],
  ["TAN", defineNumeric(Math.tan)],
  ["TRUNC", defineNumeric(Math.trunc)],
  [
    "IIF",
    defineTotal(3, 3, ([condition, whenTrue, otherwise]) => (condition === true ? whenTrue : otherwise)),
  ],
]);
