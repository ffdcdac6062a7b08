import type { StatementSync } from "node:sqlite";
import type { Store } from "../../core/store.ts";
import { StorageError } from "./errors.ts";
import { parsePropertyPath, valueAt } from "./partition-key.ts";

/** The paths of each unique key of a container, as in its `uniqueKeyPolicy`. */
export type UniqueKeyPolicy = readonly (readonly string[])[];

/** Holds the unique keys of one container; each must be unique within a logical partition. */
export class UniqueKeys {
  readonly #keys: readonly (readonly (readonly string[])[])[];
  readonly #insert: StatementSync;
  readonly #remove: StatementSync;

  constructor(store: Store, table: string, policy: UniqueKeyPolicy) {
    this.#keys = policy.map((paths) => paths.map(parsePropertyPath));
    store.database.exec(
      `CREATE TABLE IF NOT EXISTS ${table} (
         partition TEXT NOT NULL, key INTEGER NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL,
         PRIMARY KEY (partition, key, value)
       ) STRICT, WITHOUT ROWID;
       CREATE INDEX IF NOT EXISTS ${table}_by_item ON ${table} (seq);`,
    );
    this.#insert = store.database.prepare(`INSERT OR IGNORE INTO ${table} VALUES (?, ?, ?, ?)`);
    this.#remove = store.database.prepare(`DELETE FROM ${table} WHERE seq = ?`);
  }

  /**
   * Gives the item that was created as number `seq` its keys; a missing value counts as a value.
   *
   * @throws StorageError uniqueKey when another item of the partition has one of them.
   */
  claim(partition: string, seq: number, item: object): void {
    this.#keys.forEach((paths, key) => {
      const value = JSON.stringify(paths.map((path) => valueAt(item, path) ?? null));
      if (this.#insert.run(partition, key, value, seq).changes === 0) {
        throw new StorageError("uniqueKey", "Unique index constraint violation.");
      }
    });
  }

  release(seq: number): void {
    this.#remove.run(seq);
  }
}

/** The table of the unique keys of the container with this number. */
export function uniqueKeyTableName(number: number): string {
  return `cosmos_unique_keys_${number}`;
}
