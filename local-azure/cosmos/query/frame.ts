import { limitExceeded } from "./errors.ts";

/** What a query may ask of the world outside its items. */
export interface QueryEnvironment {
  /** The time in milliseconds since 1970-01-01T00:00:00Z; may have a fraction. */
  nowMs(): number;
  /** A number from 0 up to but not including 1, for RAND(). */
  random(): number;
}

/**
 * The state of one execution. Compiled code reads and writes `cells`: every alias, group key and aggregate of
 * the whole query, subqueries included, has a cell of its own, so nested blocks never disturb each other.
 */
export interface Frame {
  /** The container's items, which the root of FROM iterates. */
  items: Iterable<unknown>;
  readonly cells: unknown[];
  readonly parameters: readonly unknown[];
  readonly environment: QueryEnvironment;
  /** The time of this execution, for the functions whose result is the same all through it. */
  readonly startedMs: number;
  /** Set when a number was computed that JSON cannot hold, so that results are checked for such numbers. */
  nonFinite: boolean;
  /** How many rows JOIN and subqueries may still produce. */
  rowsLeft: number;
  /** How many values the execution may still keep in memory at once: results, sorted rows, groups, arrays. */
  valuesLeft: number;
}

/** A compiled scalar expression. */
export type Evaluate = (frame: Frame) => unknown;

/** Returns a computed number, noting in the frame when it is NaN or infinite. */
export function noteNumber(frame: Frame, value: number): number {
  if (!Number.isFinite(value)) frame.nonFinite = true;
  return value;
}

/** Rows that JOIN and subqueries of one execution may produce; a product of arrays could run for hours. */
export const maximumRows = 10_000_000;

/** Counts one row of a JOIN or subquery. @throws QueryError when the execution has used up its rows */
export function spendRow(frame: Frame): void {
  frame.rowsLeft -= 1;
  if (frame.rowsLeft < 0) {
    throw limitExceeded(`The joins and subqueries of the query produce more than ${maximumRows} rows.`);
  }
}

/** Values that one execution may keep; more would exhaust the memory of the process. */
export const maximumValues = 2_000_000;

/** Counts one value that is kept. @throws QueryError when the execution has used up its values */
export function spendValue(frame: Frame): void {
  frame.valuesLeft -= 1;
  if (frame.valuesLeft < 0) {
    throw limitExceeded(`The query collects more than ${maximumValues} values.`);
  }
}

/** The longest string in UTF-16 units that an expression may build. */
const maximumTextLength = 16 * 1024 * 1024;

/** @throws QueryError for a string of more UTF-16 units than an expression may build */
export function checkTextLength(length: number): void {
  if (length > maximumTextLength) {
    throw limitExceeded(
      `An expression of the query builds a string longer than ${maximumTextLength} characters.`,
    );
  }
}
