import type { Store } from "../../core/store.ts";
import type { DirectoryObject, DirectoryObjectType } from "./directory-object.ts";

/** The table of directory objects. Every look-up is without case. */
export interface ObjectTable {
  find(objectId: string): DirectoryObject | undefined;
  findByApp(type: DirectoryObjectType, appId: string): DirectoryObject | undefined;
  /** The identity of the resource with that ARM id. */
  findByArmId(armId: string): DirectoryObject | undefined;
  findUser(userPrincipalName: string): DirectoryObject | undefined;
  /** Ordered by object id. */
  list(type: DirectoryObjectType): readonly DirectoryObject[];
  insert(object: DirectoryObject, armId?: string): void;
  replace(object: DirectoryObject): void;
  remove(objectId: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS directory_objects (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  app_id TEXT,
  arm_id TEXT,
  object TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS directory_objects_by_app ON directory_objects (type, app_id) WHERE app_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS directory_objects_by_arm ON directory_objects (arm_id) WHERE arm_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS directory_users_by_name
  ON directory_objects (lower(json_extract(object, '$.properties.userPrincipalName'))) WHERE type = 'user';
`;

export function openObjectTable(store: Store): ObjectTable {
  store.addSchema(schema);
  const { database } = store;
  const select = database.prepare("SELECT object FROM directory_objects WHERE id = ?");
  const selectByApp = database.prepare("SELECT object FROM directory_objects WHERE type = ? AND app_id = ?");
  const selectByArm = database.prepare("SELECT object FROM directory_objects WHERE arm_id = ?");
  const selectUser = database.prepare(
    "SELECT object FROM directory_objects WHERE type = 'user' AND lower(json_extract(object, '$.properties.userPrincipalName')) = lower(?)",
  );
  const selectByType = database.prepare("SELECT object FROM directory_objects WHERE type = ? ORDER BY id");
  const insert = database.prepare(
    "INSERT INTO directory_objects (id, type, app_id, arm_id, object) VALUES (?, ?, ?, ?, ?)",
  );
  const replace = database.prepare("UPDATE directory_objects SET object = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM directory_objects WHERE id = ?");
  return {
    find: (objectId) => read(select.get(objectId.toLowerCase())),
    findByApp: (type, appId) => read(selectByApp.get(type, appId.toLowerCase())),
    findByArmId: (armId) => read(selectByArm.get(armId.toLowerCase())),
    findUser: (userPrincipalName) => read(selectUser.get(userPrincipalName)),
    list: (type) => selectByType.all(type).flatMap((row) => read(row) ?? []),
    insert(object, armId) {
      const { id, type, appId = null } = object;
      insert.run(id, type, appId, armId?.toLowerCase() ?? null, JSON.stringify(object));
    },
    replace(object) {
      replace.run(JSON.stringify(object), object.id);
    },
    remove(objectId) {
      remove.run(objectId.toLowerCase());
    },
  };
}

function read(row: Record<string, unknown> | undefined): DirectoryObject | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.object)) as DirectoryObject);
}
