/** The only source of time in the local cloud, so that tests can move it. */
export interface Clock {
  now(): Date;
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Whole seconds since the Unix epoch, the unit of JWT times and of Cosmos `_ts`. */
  nowSeconds(): number;
}

/** A clock that tells the time of `readMs`, in milliseconds since the Unix epoch. */
export function clockFrom(readMs: () => number): Clock {
  return {
    now: () => new Date(readMs()),
    nowMs: readMs,
    nowSeconds: () => Math.floor(readMs() / 1000),
  };
}

/** The machine's own time. */
export const systemClock: Clock = clockFrom(() => Date.now());

export interface ManualClock extends Clock {
  /** Moves time forward (or back, when negative) by `milliseconds`. */
  advance(milliseconds: number): void;
}

/** A clock that stands still at `start` until it is advanced. */
export function manualClock(start: Date): ManualClock {
  let current = start.getTime();
  return {
    ...clockFrom(() => current),
    advance(milliseconds) {
      current += milliseconds;
    },
  };
}
