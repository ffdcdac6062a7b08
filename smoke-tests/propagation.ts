import { setTimeout as delay } from "node:timers/promises";
import type { Finding } from "./finding.ts";

/** Role assignments take up to some minutes to reach every replica of an account's data plane. */
const longestWaitMs = 5 * 60_000;
const pauseMs = 3_000;

/**
 * Runs `look` until it finds nothing wrong, finds something that no waiting mends, or the wait is over (5 minutes); shows
 * that it waits.
 */
export async function untilPropagated(
  what: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const deadline = performance.now() + longestWaitMs;
  for (;;) {
    const findings = await look();
    const mayHeal = findings.every((finding) => finding.mayHeal === true);
    if (findings.length === 0 || !mayHeal || performance.now() > deadline) return findings;
    const left = Math.round((deadline - performance.now()) / 1000);
    process.stderr.write(`  waiting for role propagation: ${what} (${left} s left)\n`);
    await delay(pauseMs);
  }
}
