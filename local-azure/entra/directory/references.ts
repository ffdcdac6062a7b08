import type { Store } from "../../core/store.ts";

/** Everything in the store that names a directory object by its id: credentials, relations, assignments, grants. */
export interface References {
  /** Makes all of it name `to` instead of `from`. */
  rename(from: string, to: string): void;
  /** Forgets all of it. */
  removeAll(objectId: string): void;
}

const columns: readonly (readonly [table: string, column: string])[] = [
  ["directory_passwords", "object_id"],
  ["directory_keys", "holder_id"],
  ["directory_federated_credentials", "holder_id"],
  ["directory_members", "group_id"],
  ["directory_members", "member_id"],
  ["directory_owners", "object_id"],
  ["directory_owners", "owner_id"],
  ["directory_app_role_assignments", "principal_id"],
  ["directory_app_role_assignments", "resource_id"],
  ["directory_permission_grants", "client_id"],
  ["directory_permission_grants", "principal_id"],
  ["directory_permission_grants", "resource_id"],
];

/** @param stores every store that refers to directory objects; their tables must be there. */
export function openReferences(
  { database }: Store,
  stores: readonly { removeAll(objectId: string): void }[],
): References {
  const renames = columns.map(([table, column]) =>
    database.prepare(`UPDATE ${table} SET ${column} = ?2 WHERE ${column} = ?1`),
  );
  return {
    rename(from, to) {
      for (const statement of renames) statement.run(from, to);
    },
    removeAll(objectId) {
      for (const store of stores) store.removeAll(objectId);
    },
  };
}
