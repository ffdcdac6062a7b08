import type { Clock } from "../../core/clock.ts";
import type { Store } from "../../core/store.ts";
import { ContainerItems } from "./container-items.ts";
import { itemTableName } from "./item-table.ts";
import { ItemTexts } from "./item-text.ts";
import { LogSequence } from "./log-sequence.ts";
import { type UniqueKeyPolicy, uniqueKeyTableName } from "./unique-keys.ts";

/** What the store must know of a container. */
export interface ContainerSettings {
  /** ARM id of the container. */
  readonly armId: string;
  /** base64 of 4 bytes. */
  readonly databaseRid: string;
  /** base64 of 8 bytes, `/` written as `-`. */
  readonly containerRid: string;
  readonly uniqueKeys: UniqueKeyPolicy;
  readonly defaultTtl: number | undefined;
}

/** The items of all containers of all accounts. */
export interface ItemStore {
  /** The container's items; tables are created at first use, and a changed time to live is applied. */
  open(settings: ContainerSettings): ContainerItems;
  /** Deletes the container's items for good. */
  drop(armId: string): void;
  /** ARM ids, in lower case, of the containers that have tables. */
  known(): readonly string[];
  /** Deletes what has expired in the containers that were opened. */
  purgeExpired(): void;
}

/** Opens the item store in the database of {@link openItemDatabase}. */
export function openItemStore(store: Store, clock: Clock): ItemStore {
  store.addSchema(
    `CREATE TABLE IF NOT EXISTS cosmos_containers (
       number INTEGER PRIMARY KEY AUTOINCREMENT, arm_id TEXT NOT NULL UNIQUE, lsn INTEGER NOT NULL, default_ttl INTEGER
     ) STRICT`,
  );
  const { database } = store;
  const insert = database.prepare(
    "INSERT OR IGNORE INTO cosmos_containers (arm_id, lsn, default_ttl) VALUES (?, 0, ?)",
  );
  const select = database.prepare("SELECT number, lsn, default_ttl FROM cosmos_containers WHERE arm_id = ?");
  const selectAll = database.prepare("SELECT arm_id FROM cosmos_containers");
  const reserve = database.prepare("UPDATE cosmos_containers SET lsn = ? WHERE number = ?");
  const setDefaultTtl = database.prepare("UPDATE cosmos_containers SET default_ttl = ? WHERE number = ?");
  const remove = database.prepare("DELETE FROM cosmos_containers WHERE number = ?");
  const opened = new Map<string, { readonly number: number; readonly items: ContainerItems }>();

  const openTables = (key: string, settings: ContainerSettings) => {
    insert.run(key, settings.defaultTtl ?? null);
    const row = select.get(key);
    if (row === undefined) throw new Error(`the container ${settings.armId} was not registered`);
    const number = Number(row.number);
    const items = new ContainerItems({
      store,
      clock,
      number,
      texts: new ItemTexts(settings.databaseRid, settings.containerRid, number),
      uniqueKeys: settings.uniqueKeys,
      defaultTtl: row.default_ttl === null ? undefined : Number(row.default_ttl),
      sequence: new LogSequence(Number(row.lsn), (upTo) => reserve.run(upTo, number)),
    });
    return { number, items };
  };
  return {
    open(settings) {
      const key = settings.armId.toLowerCase();
      let entry = opened.get(key);
      if (entry === undefined) {
        entry = openTables(key, settings);
        opened.set(key, entry);
      }
      const { items, number } = entry;
      if (items.defaultTtl !== settings.defaultTtl) {
        store.transaction(() => {
          items.changeDefaultTtl(settings.defaultTtl);
          setDefaultTtl.run(settings.defaultTtl ?? null, number);
        });
      }
      return items;
    },
    drop(armId) {
      const key = armId.toLowerCase();
      const row = select.get(key);
      opened.delete(key);
      if (row === undefined) return;
      const number = Number(row.number);
      store.transaction(() => {
        database.exec(
          `DROP TABLE IF EXISTS ${itemTableName(number)}; DROP TABLE IF EXISTS ${uniqueKeyTableName(number)};`,
        );
        remove.run(number);
      });
    },
    known: () => selectAll.all().map((row) => String(row.arm_id)),
    purgeExpired() {
      for (const { items } of opened.values()) items.purgeExpired();
    },
  };
}
