import { define, type FunctionDefinition, type FunctionTable } from "./definition.ts";

/** Computes on 64-bit integers that wrap around, as the service does; undefined where there is no result. */
function defineInteger(
  count: 1 | 2,
  operate: (left: bigint, right: bigint) => bigint | undefined,
): FunctionDefinition {
  return define(count, count, (values) => {
    if (!values.every((value) => Number.isInteger(value))) return undefined;
    const [left = 0n, right = 0n] = values.map((value) => BigInt(Number(value)));
    const result = operate(left, right);
    return result === undefined ? undefined : Number(BigInt.asIntN(64, result));
  });
}

/** Shifts outside 0…63 bits have no defined result. */
function shift(operate: (value: bigint, by: bigint) => bigint): FunctionDefinition {
  return defineInteger(2, (value, by) =>
    by < 0n || by > 63n ? undefined : operate(BigInt.asIntN(64, value), by),
  );
}

/** Int… functions: arguments that are no whole numbers give undefined. */
export const integerFunctions: FunctionTable = new Map<string, FunctionDefinition>([
  ["INTADD", defineInteger(2, (left, right) => left + right)],
  ["INTSUB", defineInteger(2, (left, right) => left - right)],
  ["INTMUL", defineInteger(2, (left, right) => left * right)],
  ["INTDIV", defineInteger(2, (left, right) => (right === 0n ? undefined : left / right))],
  ["INTMOD", defineInteger(2, (left, right) => (right === 0n ? undefined : left % right))],
  ["INTBITAND", defineInteger(2, (left, right) => left & right)],
  ["INTBITOR", defineInteger(2, (left, right) => left | right)],
  ["INTBITXOR", defineInteger(2, (left, right) => left ^ right)],
  ["INTBITNOT", defineInteger(1, (value) => ~value)],
  ["INTBITLEFTSHIFT", shift((value, by) => value << by)],
  ["INTBITRIGHTSHIFT", shift((value, by) => value >> by)],
]);
