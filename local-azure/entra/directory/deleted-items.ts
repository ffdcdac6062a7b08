import type { Platform } from "../../core/platform.ts";
import { aside } from "./aside.ts";
import { DirectoryError } from "./directory-error.ts";
import type { DirectoryObject, DirectoryObjectType } from "./directory-object.ts";
import type { ObjectTable } from "./object-table.ts";
import type { References } from "./references.ts";

/** An application or a service principal that was deleted and may still come back. */
export interface DeletedObject extends DirectoryObject {
  /** ISO 8601, UTC. */
  readonly deletedDateTime: string;
}

/** Soft-deleted objects. They authenticate nobody; after 30 days they are gone. */
export interface DeletedItems {
  find(objectId: string): DeletedObject | undefined;
  /** Ordered by object id. */
  list(type: DirectoryObjectType): readonly DeletedObject[];
  /**
   * Brings an object back with its credentials, owners, memberships and grants; an application brings its service
   * principal along.
   *
   * @throws DirectoryError `notFound`; `noApplication` for a service principal whose application is deleted; `conflict`
   * when its application has another service principal by now.
   */
  restore(objectId: string): DirectoryObject;
  /** Deletes for good; an application takes its service principal along. */
  remove(objectId: string): boolean;
}

export interface DeletableItems extends DeletedItems {
  /** Takes an object out of the directory, with all that refers to it. */
  put(object: DirectoryObject): void;
}

/** https://learn.microsoft.com/graph/api/resources/directory#deleted-items */
const keptMs = 30 * 86_400_000;

const schema = `
CREATE TABLE IF NOT EXISTS directory_deleted_objects (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  app_id TEXT,
  deleted_ms INTEGER NOT NULL,
  object TEXT NOT NULL
) STRICT;
`;

export function openDeletedItems(
  { store, clock, tenantId }: Pick<Platform, "store" | "clock" | "tenantId">,
  objects: ObjectTable,
  references: References,
): DeletableItems {
  store.addSchema(schema);
  const { database } = store;
  const insert = database.prepare(
    "INSERT INTO directory_deleted_objects (id, type, app_id, deleted_ms, object) VALUES (?, ?, ?, ?, ?)",
  );
  const columns = "SELECT deleted_ms, object FROM directory_deleted_objects";
  const select = database.prepare(`${columns} WHERE id = ?`);
  const selectByApp = database.prepare(`${columns} WHERE type = ? AND app_id = ? ORDER BY deleted_ms DESC`);
  const selectByType = database.prepare(`${columns} WHERE type = ? ORDER BY id`);
  const selectOld = database.prepare(`${columns} WHERE deleted_ms <= ?`);
  const remove = database.prepare("DELETE FROM directory_deleted_objects WHERE id = ?");

  const removeOne = ({ id }: DeletedObject) => {
    remove.run(id);
    references.removeAll(aside(id));
  };
  const dropOld = () => {
    for (const old of selectOld.all(clock.nowMs() - keptMs)) removeOne(read(old));
  };
  const find = (objectId: string) => {
    dropOld();
    return select.all(objectId.toLowerCase()).map(read)[0];
  };
  const servicePrincipalsOf = ({ type, appId }: DirectoryObject) =>
    type === "application" ? selectByApp.all("servicePrincipal", appId ?? "").map(read) : [];
  const restoreOne = (deleted: DeletedObject) => {
    const { deletedDateTime: _, ...object } = deleted;
    remove.run(object.id);
    objects.insert(object);
    references.rename(aside(object.id), object.id);
    return object;
  };

  return {
    find,
    list(type) {
      dropOld();
      return selectByType.all(type).map(read);
    },
    put(object) {
      const { id, type, appId = null } = object;
      insert.run(id, type, appId, clock.nowMs(), JSON.stringify(object));
      objects.remove(id);
      references.rename(id, aside(id));
    },
    restore(objectId) {
      return store.transaction(() => {
        const deleted = find(objectId);
        if (deleted === undefined) {
          throw new DirectoryError("notFound", `No deleted object has the id ${objectId}.`);
        }
        const { type, appId = "" } = deleted;
        if (type === "servicePrincipal") requireRestorable(deleted, objects, tenantId);
        const restored = restoreOne(deleted);
        const [principal] = servicePrincipalsOf(restored);
        if (principal !== undefined && objects.findByApp("servicePrincipal", appId) === undefined) {
          restoreOne(principal);
        }
        return restored;
      });
    },
    remove(objectId) {
      return store.transaction(() => {
        const deleted = find(objectId);
        if (deleted === undefined) return false;
        for (const object of [deleted, ...servicePrincipalsOf(deleted)]) removeOne(object);
        return true;
      });
    },
  };
}

function requireRestorable(principal: DeletedObject, objects: ObjectTable, tenantId: string): void {
  const { appId = "", appOwnerOrganizationId } = principal;
  if (appOwnerOrganizationId === tenantId && objects.findByApp("application", appId) === undefined) {
    throw new DirectoryError("noApplication", `No application has the application id ${appId}.`);
  }
  if (objects.findByApp("servicePrincipal", appId) !== undefined) {
    throw new DirectoryError("conflict", `Application ${appId} has a service principal already.`);
  }
}

function read(row: Record<string, unknown>): DeletedObject {
  const object = JSON.parse(String(row.object)) as DirectoryObject;
  return { ...object, deletedDateTime: new Date(Number(row.deleted_ms)).toISOString() };
}
