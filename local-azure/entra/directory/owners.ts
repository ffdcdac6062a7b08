import type { Store } from "../../core/store.ts";
import { isPresent } from "./aside.ts";

/** Who owns which application, service principal or group. Ids compare without case. */
export interface Owners {
  /** Answers whether the owner is new to the object. */
  add(objectId: string, ownerId: string): boolean;
  remove(objectId: string, ownerId: string): boolean;
  /** Ordered by object id. */
  of(objectId: string): readonly string[];
  /** Forgets the object both as owned and as owner. */
  removeAll(objectId: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS directory_owners (
  object_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  PRIMARY KEY (object_id, owner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS directory_owners_by_owner ON directory_owners (owner_id);
`;

export function openOwners(store: Store): Owners {
  store.addSchema(schema);
  const { database } = store;
  const insert = database.prepare(
    "INSERT OR IGNORE INTO directory_owners (object_id, owner_id) VALUES (?, ?)",
  );
  const remove = database.prepare("DELETE FROM directory_owners WHERE object_id = ? AND owner_id = ?");
  const removeAll = database.prepare("DELETE FROM directory_owners WHERE object_id = ?1 OR owner_id = ?1");
  const select = database.prepare(
    `SELECT owner_id FROM directory_owners WHERE object_id = ? AND ${isPresent("owner_id")} ORDER BY owner_id`,
  );
  const changed = ({ changes }: { changes: number | bigint }) => Number(changes) > 0;
  return {
    add: (objectId, ownerId) => changed(insert.run(objectId.toLowerCase(), ownerId.toLowerCase())),
    remove: (objectId, ownerId) => changed(remove.run(objectId.toLowerCase(), ownerId.toLowerCase())),
    of: (objectId) => select.all(objectId.toLowerCase()).map((row) => String(row.owner_id)),
    removeAll(objectId) {
      removeAll.run(objectId.toLowerCase());
    },
  };
}
