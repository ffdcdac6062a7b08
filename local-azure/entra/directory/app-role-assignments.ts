import type { Platform } from "../../core/platform.ts";
import { isPresent } from "./aside.ts";
import { DirectoryError } from "./directory-error.ts";

/** A principal's role of an application, which the claim `roles` of its tokens for that application names. */
export interface AppRoleAssignment {
  /** 43 characters of base64url. */
  readonly id: string;
  /** All zeros assigns the application itself, without a role of it. */
  readonly appRoleId: string;
  /** Object id of a user, group or service principal. */
  readonly principalId: string;
  /** Object id of the service principal of the application that declares the role. */
  readonly resourceId: string;
  /** ISO 8601, UTC. */
  readonly createdDateTime: string;
}

export type NewAppRoleAssignment = Pick<AppRoleAssignment, "appRoleId" | "principalId" | "resourceId">;

export interface AppRoleAssignments {
  /** @throws DirectoryError `conflict` when the principal has that role already. */
  add(assignment: NewAppRoleAssignment): AppRoleAssignment;
  remove(id: string): boolean;
  find(id: string): AppRoleAssignment | undefined;
  /** All assignments of the roles of one application, the oldest first. */
  toResource(resourceId: string): readonly AppRoleAssignment[];
  /** All assignments of one principal itself, not of its groups; the oldest first. */
  ofPrincipal(principalId: string): readonly AppRoleAssignment[];
  /** Forgets the object both as principal and as resource. */
  removeAll(objectId: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS directory_app_role_assignments (
  id TEXT PRIMARY KEY,
  app_role_id TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (principal_id, resource_id, app_role_id)
) STRICT;
CREATE INDEX IF NOT EXISTS directory_app_role_assignments_by_resource
  ON directory_app_role_assignments (resource_id);
`;

const idBytes = 32;

export function openAppRoleAssignments({
  store,
  ids,
  clock,
}: Pick<Platform, "store" | "ids" | "clock">): AppRoleAssignments {
  store.addSchema(schema);
  const { database } = store;
  const insert = database.prepare(
    "INSERT OR IGNORE INTO directory_app_role_assignments (id, app_role_id, principal_id, resource_id, created_ms) VALUES (?, ?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM directory_app_role_assignments WHERE id = ?");
  const removeAll = database.prepare(
    "DELETE FROM directory_app_role_assignments WHERE principal_id = ?1 OR resource_id = ?1",
  );
  const present = `${isPresent("principal_id")} AND ${isPresent("resource_id")}`;
  const selecting = (column: string) =>
    database.prepare(
      `SELECT * FROM directory_app_role_assignments WHERE ${column} = ? AND ${present} ORDER BY created_ms, id`,
    );
  const selectOne = selecting("id");
  const selectByResource = selecting("resource_id");
  const selectByPrincipal = selecting("principal_id");
  return {
    add(assignment) {
      const id = ids.token(idBytes);
      const [appRoleId, principalId, resourceId] = [
        assignment.appRoleId.toLowerCase(),
        assignment.principalId.toLowerCase(),
        assignment.resourceId.toLowerCase(),
      ];
      const { changes } = insert.run(id, appRoleId, principalId, resourceId, clock.nowMs());
      if (Number(changes) === 0) {
        throw new DirectoryError("conflict", "Permission being assigned already exists on the object");
      }
      return { id, appRoleId, principalId, resourceId, createdDateTime: clock.now().toISOString() };
    },
    remove: (id) => Number(remove.run(id).changes) > 0,
    find: (id) => selectOne.all(id).map(toAssignment)[0],
    toResource: (resourceId) => selectByResource.all(resourceId.toLowerCase()).map(toAssignment),
    ofPrincipal: (principalId) => selectByPrincipal.all(principalId.toLowerCase()).map(toAssignment),
    removeAll(objectId) {
      removeAll.run(objectId.toLowerCase());
    },
  };
}

function toAssignment(row: Record<string, unknown>): AppRoleAssignment {
  return {
    id: String(row.id),
    appRoleId: String(row.app_role_id),
    principalId: String(row.principal_id),
    resourceId: String(row.resource_id),
    createdDateTime: new Date(Number(row.created_ms)).toISOString(),
  };
}
