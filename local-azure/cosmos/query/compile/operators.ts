import { checkTextLength, type Evaluate, noteNumber } from "../frame.ts";
import type { BinaryOperator } from "../syntax/ast.ts";
import { equalValues } from "../value.ts";

/**
 * Equality with an undefined result when a side is undefined. Values of two types are unequal, so
 * `c.x != null` holds for a number; that is what the service does, and what the .NET SDK's reference engine
 * does, although the documentation's table calls it undefined.
 */
export function isEqual(left: unknown, right: unknown): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  return equalValues(left, right);
}

/** Order of two values of the same primitive type as a number around 0, else undefined. */
export function relate(left: unknown, right: unknown): number | undefined {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  return left === null && right === null ? 0 : undefined;
}

function comparison(left: Evaluate, right: Evaluate, holds: (order: number) => boolean): Evaluate {
  return (frame) => {
    const order = relate(left(frame), right(frame));
    return order === undefined ? undefined : holds(order);
  };
}

function arithmetic(left: Evaluate, right: Evaluate, operate: (a: number, b: number) => number): Evaluate {
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    return typeof a === "number" && typeof b === "number" ? noteNumber(frame, operate(a, b)) : undefined;
  };
}

/** Compiles a two-operand operator; bitwise operators work on 32 bits, as in JavaScript. */
export function compileBinary(operator: BinaryOperator, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case "=":
      return (frame) => isEqual(left(frame), right(frame));
    case "!=":
      return (frame) => {
        const equal = isEqual(left(frame), right(frame));
        return equal === undefined ? undefined : !equal;
      };
    case "<":
      return comparison(left, right, (order) => order < 0);
    case "<=":
      return comparison(left, right, (order) => order <= 0);
    case ">":
      return comparison(left, right, (order) => order > 0);
    case ">=":
      return comparison(left, right, (order) => order >= 0);
    case "+":
      return arithmetic(left, right, (a, b) => a + b);
    case "-":
      return arithmetic(left, right, (a, b) => a - b);
    case "*":
      return arithmetic(left, right, (a, b) => a * b);
    case "/":
      return arithmetic(left, right, (a, b) => a / b);
    case "%":
      return arithmetic(left, right, (a, b) => a % b);
    case "|":
      return arithmetic(left, right, (a, b) => a | b);
    case "&":
      return arithmetic(left, right, (a, b) => a & b);
    case "^":
      return arithmetic(left, right, (a, b) => a ^ b);
    case "<<":
      return arithmetic(left, right, (a, b) => a << b);
    case ">>":
      return arithmetic(left, right, (a, b) => a >> b);
    case ">>>":
      return arithmetic(left, right, (a, b) => a >>> b);
    case "||":
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        if (typeof a !== "string" || typeof b !== "string") return undefined;
        checkTextLength(a.length + b.length);
        return a + b;
      };
  }
}

/**
 * AND and OR over any number of operands with three values: an operand that is no boolean counts as
 * undefined, and only the deciding value (false for AND, true for OR) outweighs it.
 */
export function compileLogical(operator: "AND" | "OR", operands: readonly Evaluate[]): Evaluate {
  const deciding = operator === "OR";
  return (frame) => {
    let result: boolean | undefined = !deciding;
    for (const operand of operands) {
      const value = operand(frame);
      if (value === deciding) return deciding;
      if (value !== !deciding) result = undefined;
    }
    return result;
  };
}
