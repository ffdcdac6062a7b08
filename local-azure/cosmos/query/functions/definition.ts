import { type Frame, noteNumber } from "../frame.ts";

/** One built-in function. */
export interface FunctionDefinition {
  readonly minimum: number;
  readonly maximum: number;
  /** When true the function itself sees undefined arguments; otherwise one makes the result undefined. */
  readonly acceptsUndefined?: boolean;
  /** Never throws for a value of a wrong type: the result is undefined then. */
  evaluate(values: readonly unknown[], frame: Frame): unknown;
}

/** Functions by upper-case name. */
export type FunctionTable = ReadonlyMap<string, FunctionDefinition>;

/** A function of `minimum` to `maximum` defined values. */
export function define(
  minimum: number,
  maximum: number,
  evaluate: (values: readonly unknown[], frame: Frame) => unknown,
): FunctionDefinition {
  return { minimum, maximum, evaluate };
}

/** A function that sees undefined values too. */
export function defineTotal(
  minimum: number,
  maximum: number,
  evaluate: (values: readonly unknown[], frame: Frame) => unknown,
): FunctionDefinition {
  return { minimum, maximum, evaluate, acceptsUndefined: true };
}

/** A function of one number; a value of another type gives undefined. */
export function defineNumeric(evaluate: (value: number) => number): FunctionDefinition {
  return define(1, 1, ([value], frame) =>
    typeof value === "number" ? noteNumber(frame, evaluate(value)) : undefined,
  );
}
