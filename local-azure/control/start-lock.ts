import { lock } from "proper-lockfile";
import type { StateFolder } from "./state-folder.ts";

/** Runs `work` while no other command starts the cloud of this state folder or changes its state. */
export async function withStartLock<T>(folder: StateFolder, work: () => Promise<T>): Promise<T> {
  const release = await lock(folder.root, {
    lockfilePath: folder.startLock,
    stale: 10_000,
    retries: { retries: 600, minTimeout: 100, maxTimeout: 100, factor: 1 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
