import { setTimeout as delay } from "node:timers/promises";

/** Role assignments take up to some minutes to reach every replica of an account's data plane. */
const longestWaitMs = 5 * 60_000;
const pauseMs = 5_000;

/**
 * Runs `look` until it finds nothing wrong or the wait is over, and shows that it waits. `mayHeal` says whether waiting can
 * help: a refusal that nothing will change is told at once.
 */
export async function untilPropagated<Problem>(
  what: string,
  look: () => Promise<readonly Problem[]>,
  mayHeal: (problems: readonly Problem[]) => boolean,
): Promise<readonly Problem[]> {
  const deadline = performance.now() + longestWaitMs;
  for (;;) {
    const problems = await look();
    if (problems.length === 0 || !mayHeal(problems) || performance.now() > deadline) return problems;
    const left = Math.round((deadline - performance.now()) / 1000);
    process.stderr.write(`  waiting for role propagation: ${what} (${left} s left)\n`);
    await delay(pauseMs);
  }
}
