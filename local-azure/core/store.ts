import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { UserError } from "./user-error.ts";

/** Raised whenever a table changes its shape: a state file of another version is refused, never guessed at. */
export const stateVersion = 2;

/** The one state file: SQLite in WAL mode, so that an acknowledged write outlives a killed process. */
export interface Store {
  readonly database: DatabaseSync;
  /** Runs `work` in one transaction: committed as a whole when it returns, rolled back when it throws. */
  transaction<T>(work: () => T): T;
  /** Creates a surface's tables; `sql` holds `CREATE … IF NOT EXISTS` statements only. */
  addSchema(sql: string): void;
  close(): void;
}

/**
 * Opens the state file, creating it readable by its owner only.
 *
 * WAL with `synchronous = NORMAL` hands every commit to the operating system before it returns: a killed process
 * loses nothing, only a power cut may (https://sqlite.org/pragma.html#pragma_synchronous).
 *
 * @throws UserError LA-STATE-VERSION when the file was written by another version of the local cloud.
 */
export function openStore(path: string): Store {
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  // A command may write beside the running cloud: either waits for the other.
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;",
  );
  checkVersion(database, path);
  let depth = 0;
  return {
    database,
    transaction(work) {
      if (depth > 0) return work();
      database.exec("BEGIN IMMEDIATE");
      depth += 1;
      try {
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      } finally {
        depth -= 1;
      }
    },
    addSchema(sql) {
      database.exec(sql);
    },
    close() {
      database.close();
    },
  };
}

function checkVersion(database: DatabaseSync, path: string): void {
  const row = database.prepare("PRAGMA user_version").get();
  const version = Number(row?.user_version ?? 0);
  if (version === stateVersion) return;
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_master").get();
  if (version === 0 && Number(tables?.n) === 0) {
    database.exec(`PRAGMA user_version = ${stateVersion}`);
    return;
  }
  database.close();
  throw new UserError(
    "LA-STATE-VERSION",
    `The state file ${path} has version ${version}; this local cloud reads version ${stateVersion}.`,
    "Run `npx --no local-azure reset` to begin anew (this deletes the local cloud's data), or use the version that wrote it.",
  );
}
