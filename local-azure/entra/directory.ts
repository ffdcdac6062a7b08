import type { Platform } from "../core/platform.ts";
import { type Memberships, openMemberships } from "./memberships.ts";
import { openPasswords, type PasswordCredentials } from "./passwords.ts";

export type DirectoryObjectType = "application" | "servicePrincipal" | "user" | "group";

/** One object of the tenant's directory. */
export interface DirectoryObject {
  /** Object id, a GUID in lower case: what role assignments and the `oid` of tokens name. */
  readonly id: string;
  readonly type: DirectoryObjectType;
  readonly displayName: string;
  /** Client id; applications and service principals have one. */
  readonly appId?: string;
  readonly servicePrincipalType?: "Application" | "ManagedIdentity";
  /** For a managed identity: whether it stands alone (`isExplicit=True`) and the ARM id of its resource. */
  readonly alternativeNames?: readonly string[];
  /** The tenant that owns the application behind a service principal. */
  readonly appOwnerOrganizationId?: string;
  readonly accountEnabled: boolean;
  /** May read and write the directory through Graph. */
  readonly isDirectoryAdministrator: boolean;
  readonly createdDateTime: string;
  /** Further properties, as Graph clients wrote them. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export type NewDirectoryObject = Pick<DirectoryObject, "type" | "displayName"> &
  Partial<Omit<DirectoryObject, "id" | "createdDateTime">>;

export type DirectoryChanges = Partial<
  Pick<
    DirectoryObject,
    "displayName" | "accountEnabled" | "alternativeNames" | "isDirectoryAdministrator" | "properties"
  >
>;

/** A managed identity as resource manager shows it on its resource. */
export interface ManagedIdentity {
  readonly principalId: string;
  readonly clientId: string;
  readonly tenantId: string;
}

/** A write that the directory refuses. */
export class DirectoryError extends Error {
  readonly reason: "notFound" | "conflict" | "noApplication";

  constructor(reason: DirectoryError["reason"], message: string) {
    super(message);
    this.name = "DirectoryError";
    this.reason = reason;
  }
}

/** The tenant's directory. Object ids and application ids compare without case. */
export interface Directory {
  find(objectId: string): DirectoryObject | undefined;
  findApplicationByAppId(appId: string): DirectoryObject | undefined;
  findServicePrincipalByAppId(appId: string): DirectoryObject | undefined;
  /** Ordered by object id. */
  list(type: DirectoryObjectType): readonly DirectoryObject[];
  /**
   * Creates an application, service principal, user or group.
   *
   * @throws DirectoryError `noApplication` for a service principal whose application this tenant does not have,
   * `conflict` when the application has one already.
   */
  create(object: NewDirectoryObject): DirectoryObject;
  /** @throws DirectoryError `notFound`. */
  update(objectId: string, changes: DirectoryChanges): DirectoryObject;
  /** Deletes the object with its secrets and memberships; an application takes its service principal along. */
  delete(objectId: string): boolean;
  /**
   * The system-assigned identity of the resource `armId`. An earlier identity of the same resource goes: a resource
   * that is made again is another principal, and must not inherit its predecessor's access.
   */
  createManagedIdentity(armId: string, displayName: string): ManagedIdentity;
  deleteManagedIdentity(principalId: string): void;
  /** Object ids of the groups that hold `objectId`, directly or through other groups. */
  groupsOf(objectId: string): readonly string[];
  readonly memberships: Memberships;
  readonly passwords: PasswordCredentials;
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
`;

export function openDirectory(platform: Platform): Directory {
  const { store, clock, ids, tenantId } = platform;
  store.addSchema(schema);
  const passwords = openPasswords(platform);
  const memberships = openMemberships(store);
  const { database } = store;
  const select = database.prepare("SELECT object FROM directory_objects WHERE id = ?");
  const selectByApp = database.prepare("SELECT object FROM directory_objects WHERE type = ? AND app_id = ?");
  const selectByArm = database.prepare("SELECT object FROM directory_objects WHERE arm_id = ?");
  const selectByType = database.prepare("SELECT object FROM directory_objects WHERE type = ? ORDER BY id");
  const insert = database.prepare(
    "INSERT INTO directory_objects (id, type, app_id, arm_id, object) VALUES (?, ?, ?, ?, ?)",
  );
  const replace = database.prepare("UPDATE directory_objects SET object = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM directory_objects WHERE id = ?");

  const find = (objectId: string) => read(select.get(objectId.toLowerCase()));
  const findByApp = (type: DirectoryObjectType, appId: string) =>
    read(selectByApp.get(type, appId.toLowerCase()));

  const write = (object: NewDirectoryObject, armId?: string): DirectoryObject => {
    const appId = object.appId?.toLowerCase();
    const complete: DirectoryObject = {
      accountEnabled: true,
      isDirectoryAdministrator: false,
      properties: {},
      ...object,
      ...(appId === undefined ? {} : { appId }),
      id: ids.uuid(),
      createdDateTime: clock.now().toISOString(),
    };
    insert.run(
      complete.id,
      complete.type,
      appId ?? null,
      armId?.toLowerCase() ?? null,
      JSON.stringify(complete),
    );
    return complete;
  };

  const deleteOne = (objectId: string) => {
    remove.run(objectId);
    passwords.removeAll(objectId);
    memberships.removeAll(objectId);
  };

  const deleteObject = (objectId: string): boolean =>
    store.transaction(() => {
      const object = find(objectId);
      if (object === undefined) return false;
      const servicePrincipal =
        object.type === "application" && object.appId !== undefined
          ? findByApp("servicePrincipal", object.appId)
          : undefined;
      if (servicePrincipal !== undefined) deleteOne(servicePrincipal.id);
      deleteOne(object.id);
      return true;
    });

  return {
    passwords,
    memberships,
    find,
    findApplicationByAppId: (appId) => findByApp("application", appId),
    findServicePrincipalByAppId: (appId) => findByApp("servicePrincipal", appId),
    list: (type) => selectByType.all(type).flatMap((row) => read(row) ?? []),
    create(object) {
      return store.transaction(() => {
        if (object.type === "application") return write({ ...object, appId: object.appId ?? ids.uuid() });
        if (object.type !== "servicePrincipal") return write(object);
        const appId = object.appId ?? "";
        const owner = object.appOwnerOrganizationId ?? tenantId;
        if (owner === tenantId && findByApp("application", appId) === undefined) {
          throw new DirectoryError("noApplication", `No application has the application id ${appId}.`);
        }
        if (findByApp("servicePrincipal", appId) !== undefined) {
          throw new DirectoryError("conflict", `Application ${appId} has a service principal already.`);
        }
        return write({ servicePrincipalType: "Application", ...object, appOwnerOrganizationId: owner });
      });
    },
    update(objectId, changes) {
      return store.transaction(() => {
        const before = find(objectId);
        if (before === undefined) throw new DirectoryError("notFound", `Object ${objectId} does not exist.`);
        const after = { ...before, ...changes };
        replace.run(JSON.stringify(after), after.id);
        return after;
      });
    },
    delete: deleteObject,
    createManagedIdentity(armId, displayName) {
      return store.transaction(() => {
        const predecessor = read(selectByArm.get(armId.toLowerCase()));
        if (predecessor !== undefined) deleteOne(predecessor.id);
        const appId = ids.uuid();
        const { id } = write(
          {
            type: "servicePrincipal",
            displayName,
            appId,
            servicePrincipalType: "ManagedIdentity",
            alternativeNames: ["isExplicit=False", armId],
            appOwnerOrganizationId: tenantId,
          },
          armId,
        );
        return { principalId: id, clientId: appId, tenantId };
      });
    },
    deleteManagedIdentity(principalId) {
      if (find(principalId)?.servicePrincipalType === "ManagedIdentity") deleteObject(principalId);
    },
    groupsOf: (objectId) => memberships.groupsOf(objectId),
  };
}

function read(row: Record<string, unknown> | undefined): DirectoryObject | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.object)) as DirectoryObject);
}
