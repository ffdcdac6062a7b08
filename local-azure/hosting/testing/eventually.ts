import { scheduler } from "node:timers/promises";

/** Asks again, ten times a second, until the answer is as wanted; the test's own timeout ends it. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await scheduler.wait(100);
  }
}
