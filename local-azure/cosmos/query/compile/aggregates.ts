import { compareValues, isPrimitive } from "../value.ts";

/** Gathers one aggregate over the rows of one group. */
export interface Accumulator {
  /** Takes the argument's value for one row; undefined is ignored. */
  add(value: unknown): void;
  /** The aggregate so far; undefined where the service gives no value. */
  result(): unknown;
}

class Count implements Accumulator {
  private count = 0;

  add(value: unknown): void {
    if (value !== undefined) this.count += 1;
  }

  result(): number {
    return this.count;
  }
}

/** SUM and AVG: one value that is no number makes the whole result undefined; AVG of nothing is undefined. */
class Total implements Accumulator {
  private readonly average: boolean;
  private sum = 0;
  private count = 0;
  private valid = true;

  constructor(average: boolean) {
    this.average = average;
  }

  add(value: unknown): void {
    if (typeof value === "number") {
      this.sum += value;
      this.count += 1;
    } else if (value !== undefined) {
      this.valid = false;
    }
  }

  result(): number | undefined {
    if (!this.valid || (this.average && this.count === 0)) return undefined;
    return this.average ? this.sum / this.count : this.sum;
  }
}

/** MIN and MAX over mixed primitive types; one array or object makes the result undefined. */
class Extreme implements Accumulator {
  private readonly sign: 1 | -1;
  private best: unknown;
  private valid = true;

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  add(value: unknown): void {
    if (value === undefined) return;
    if (!isPrimitive(value)) this.valid = false;
    else if (this.best === undefined || compareValues(value, this.best) * this.sign > 0) this.best = value;
  }

  result(): unknown {
    return this.valid ? this.best : undefined;
  }
}

/** The aggregate functions by upper-case name. Undefined arguments and mixed types as the service documents. */
export const aggregates: ReadonlyMap<string, () => Accumulator> = new Map<string, () => Accumulator>([
  ["COUNT", () => new Count()],
  ["SUM", () => new Total(false)],
  ["AVG", () => new Total(true)],
  ["MIN", () => new Extreme(-1)],
  ["MAX", () => new Extreme(1)],
]);
