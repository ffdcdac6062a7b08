import type { GraphClient } from "./client.ts";

/** Seconds. */
const longestGap = 10;

/**
 * Waits until the directory shows what was written. The official plugin asks five times in a row even of a directory
 * that is consistent at once; this one stops at the first success, and between misses waits as long as the official one.
 * @param what is waited for, for the error
 * @param firstGap seconds: 1 for credentials, 5 for everything else
 * @param mostMisses gives up after so many; without it at the operation's time limit
 */
export async function waitUntil(
  graph: GraphClient,
  what: string,
  firstGap: 1 | 5,
  probe: () => Promise<boolean>,
  mostMisses = Number.POSITIVE_INFINITY,
): Promise<void> {
  for (let misses = 0, gap: number = firstGap; !(await probe()); gap = Math.min(gap * 2, longestGap)) {
    if (++misses >= mostMisses) throw new Error(`waiting for ${what}: not found after ${misses} tries`);
    await graph.sleep(gap * 1000, graph.signal);
  }
}

/** Waits until a path answers 404. */
export async function waitForDeletion(
  graph: GraphClient,
  what: string,
  request: { readonly path: string; readonly version?: "v1.0" | "beta" },
): Promise<void> {
  await waitUntil(
    graph,
    `deletion of ${what}`,
    5,
    async () => (await graph.find(`retrieving ${what}`, request)) === undefined,
  );
}
