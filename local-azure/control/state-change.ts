import { join } from "node:path";
import { openStore, type Store } from "../core/store.ts";
import { UserError } from "../core/user-error.ts";
import { findRunningCloud, requestReload } from "./running-cloud.ts";
import { withStartLock } from "./start-lock.ts";
import type { StateFolder } from "./state-folder.ts";

/** Reads the state of the cloud on this folder, whether it runs or not. @throws UserError LA-STATE-VERSION. */
export function readState<T>(folder: StateFolder, work: (store: Store) => T): T {
  const store = openStore(join(folder.root, "state.sqlite"));
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/**
 * Changes the state of the cloud on this folder, whether it runs or not: `work` writes to the store, and a running cloud
 * has taken the change over when this answers. No cloud starts meanwhile, which could miss it.
 *
 * @throws UserError LA-STATE-VERSION; LA-RELOAD-FAILED when the running cloud did not take the change over.
 */
export function changeState<T>(folder: StateFolder, work: (store: Store) => T | Promise<T>): Promise<T> {
  return withStartLock(folder, async () => {
    const store = openStore(join(folder.root, "state.sqlite"));
    let result: T;
    try {
      result = await work(store);
    } finally {
      store.close();
    }
    const cloud = await findRunningCloud(folder);
    if (cloud !== undefined && !(await requestReload(cloud))) {
      throw new UserError(
        "LA-RELOAD-FAILED",
        "The change is kept, but the running local cloud did not take it over.",
        "Stop it and start it again: `npx --no local-azure stop`, then `start`. Its log says why: `npx --no local-azure logs`.",
      );
    }
    return result;
  });
}
