import { setTimeout as delay } from "node:timers/promises";

/** The directory answers from many replicas: what was just made may be unknown to the next request for some minutes. */
const longestWaitMs = 2 * 60_000;
const pauseMs = 3_000;

/**
 * Repeats `work` until it does not throw, throws what no waiting mends, or the wait is over (2 minutes); shows that it waits.
 *
 * @param what it waits for, for example `the directory to know the new identity`.
 * @throws the last error of `work`.
 */
export async function untilReplicated<Result>(
  what: string,
  work: () => Promise<Result>,
  mayHeal: (error: unknown) => boolean,
): Promise<Result> {
  const deadline = performance.now() + longestWaitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!mayHeal(error) || performance.now() > deadline) throw error;
      const left = Math.round((deadline - performance.now()) / 1000);
      process.stderr.write(`  waiting for ${what} (${left} s left)\n`);
      await delay(pauseMs);
    }
  }
}
