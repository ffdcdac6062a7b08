import { join } from "node:path";
import { openStore, type Store } from "../../core/store.ts";

/**
 * Opens the database of all items, `items.sqlite` in the state folder; only the one process that has it open can use it.
 *
 * It is apart from the cloud's state file, which commands read while the cloud runs: sole use spares every request the
 * locking of a shared file, a fifth of what a write costs. Checkpoints wait for 16 MB, so that a page which is written
 * again and again is copied once.
 */
export function openItemDatabase(directory: string): Store {
  const store = openStore(join(directory, "items.sqlite"));
  store.database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA wal_autocheckpoint = 4000;");
  return store;
}
