import { setTimeout as delay } from "node:timers/promises";

/** How the runtime waits. */
export interface Timers {
  /** Resolves after `ms` milliseconds, or when `signal` is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `work` every `ms` milliseconds until the answer is called. */
  every(ms: number, work: () => void): () => void;
  /** Calls `work` in a later turn of the event loop. */
  soon(work: () => void): void;
}

/** The machine's own timers; none of them keeps the process alive. */
export const systemTimers: Timers = {
  pause: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
  every(ms, work) {
    const timer = setInterval(work, ms).unref();
    return () => clearInterval(timer);
  },
  soon: (work) => void setImmediate(work),
};
