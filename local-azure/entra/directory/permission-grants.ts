import type { Platform } from "../../core/platform.ts";
import { isPresent } from "./aside.ts";
import { DirectoryError } from "./directory-error.ts";

/** A delegated permission (`oauth2PermissionGrant`): what an application may do in the name of users. */
export interface PermissionGrant {
  readonly id: string;
  /** Object id of the client's service principal. */
  readonly clientId: string;
  /** `AllPrincipals`: an administrator's consent for every user; `Principal`: one user's. */
  readonly consentType: "AllPrincipals" | "Principal";
  /** Object id of the user; null for all. */
  readonly principalId: string | null;
  /** Object id of the resource's service principal. */
  readonly resourceId: string;
  /** Values of scopes, separated by spaces. */
  readonly scope: string;
}

export type NewPermissionGrant = Omit<PermissionGrant, "id">;

export interface PermissionGrants {
  /** @throws DirectoryError `conflict` when the client has a grant for that resource and principal already. */
  add(grant: NewPermissionGrant): PermissionGrant;
  /** @throws DirectoryError `notFound`. */
  update(id: string, changes: Pick<PermissionGrant, "scope">): PermissionGrant;
  remove(id: string): boolean;
  find(id: string): PermissionGrant | undefined;
  list(): readonly PermissionGrant[];
  ofClient(clientId: string): readonly PermissionGrant[];
  /** Forgets the object as client, resource and principal. */
  removeAll(objectId: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS directory_permission_grants (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  consent_type TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  UNIQUE (client_id, resource_id, principal_id)
) STRICT;
`;

const idBytes = 32;
/** What stands in the table for the principal of a grant for all: null would not count as equal to itself. */
const everyone = "";

export function openPermissionGrants({ store, ids }: Pick<Platform, "store" | "ids">): PermissionGrants {
  store.addSchema(schema);
  const { database } = store;
  const insert = database.prepare(
    "INSERT OR IGNORE INTO directory_permission_grants (id, client_id, consent_type, principal_id, resource_id, scope) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const update = database.prepare("UPDATE directory_permission_grants SET scope = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM directory_permission_grants WHERE id = ?");
  const removeAll = database.prepare(
    "DELETE FROM directory_permission_grants WHERE client_id = ?1 OR resource_id = ?1 OR principal_id = ?1",
  );
  const present = `${isPresent("client_id")} AND ${isPresent("resource_id")}`;
  const columns = `SELECT * FROM directory_permission_grants WHERE ${present}`;
  const selectAll = database.prepare(`${columns} ORDER BY id`);
  const select = database.prepare(`${columns} AND id = ?`);
  const selectByClient = database.prepare(`${columns} AND client_id = ? ORDER BY id`);
  const find = (id: string) => select.all(id).map(toGrant)[0];
  return {
    add(grant) {
      const made = {
        id: ids.token(idBytes),
        clientId: grant.clientId.toLowerCase(),
        consentType: grant.consentType,
        principalId: grant.principalId?.toLowerCase() ?? null,
        resourceId: grant.resourceId.toLowerCase(),
        scope: grant.scope,
      };
      const { id, clientId, consentType, principalId, resourceId, scope } = made;
      const { changes } = insert.run(id, clientId, consentType, principalId ?? everyone, resourceId, scope);
      if (Number(changes) === 0) {
        throw new DirectoryError("conflict", "Permission entry already exists.");
      }
      return made;
    },
    update(id, { scope }) {
      update.run(scope, id);
      const after = find(id);
      if (after === undefined) throw new DirectoryError("notFound", `Permission grant ${id} does not exist.`);
      return after;
    },
    remove: (id) => Number(remove.run(id).changes) > 0,
    find,
    list: () => selectAll.all().map(toGrant),
    ofClient: (clientId) => selectByClient.all(clientId.toLowerCase()).map(toGrant),
    removeAll(objectId) {
      removeAll.run(objectId.toLowerCase());
    },
  };
}

function toGrant(row: Record<string, unknown>): PermissionGrant {
  const principalId = String(row.principal_id);
  return {
    id: String(row.id),
    clientId: String(row.client_id),
    consentType: row.consent_type === "Principal" ? "Principal" : "AllPrincipals",
    principalId: principalId === everyone ? null : principalId,
    resourceId: String(row.resource_id),
    scope: String(row.scope),
  };
}
