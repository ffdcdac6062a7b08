import type { Platform } from "../core/platform.ts";
import { type AppRoleAssignments, openAppRoleAssignments } from "./directory/app-role-assignments.ts";
import { type DeletedItems, openDeletedItems } from "./directory/deleted-items.ts";
import { DirectoryError } from "./directory/directory-error.ts";
import type {
  DirectoryChanges,
  DirectoryObject,
  DirectoryObjectType,
  NewDirectoryObject,
} from "./directory/directory-object.ts";
import { type FederatedCredentials, openFederatedCredentials } from "./directory/federated-credentials.ts";
import { type KeyCredentials, openKeyCredentials } from "./directory/key-credentials.ts";
import { openObjectTable } from "./directory/object-table.ts";
import { type Owners, openOwners } from "./directory/owners.ts";
import { openPermissionGrants, type PermissionGrants } from "./directory/permission-grants.ts";
import { openReferences } from "./directory/references.ts";
import { openUserPasswords, type UserPasswords } from "./directory/user-passwords.ts";
import { type Memberships, openMemberships } from "./memberships.ts";
import { openPasswords, type PasswordCredentials } from "./passwords.ts";

export { DirectoryError } from "./directory/directory-error.ts";
export type {
  DirectoryChanges,
  DirectoryObject,
  DirectoryObjectType,
  NewDirectoryObject,
} from "./directory/directory-object.ts";

/** A managed identity as resource manager shows it on its resource. */
export interface ManagedIdentity {
  readonly principalId: string;
  readonly clientId: string;
  readonly tenantId: string;
}

/** The tenant's directory. Object ids and application ids compare without case. */
export interface Directory {
  find(objectId: string): DirectoryObject | undefined;
  findApplicationByAppId(appId: string): DirectoryObject | undefined;
  findServicePrincipalByAppId(appId: string): DirectoryObject | undefined;
  /** A user by its property `userPrincipalName`. */
  findUser(userPrincipalName: string): DirectoryObject | undefined;
  /** Ordered by object id. */
  list(type: DirectoryObjectType): readonly DirectoryObject[];
  /**
   * Creates an application, service principal, user or group.
   *
   * @throws DirectoryError `noApplication` for a service principal whose application this tenant does not have,
   * `conflict` when the application has one already, or when another user has that `userPrincipalName`.
   */
  create(object: NewDirectoryObject): DirectoryObject;
  /** @throws DirectoryError `notFound`, `conflict` when another user has that `userPrincipalName`. */
  update(objectId: string, changes: DirectoryChanges): DirectoryObject;
  /**
   * Deletes the object with its credentials, memberships, owners, assignments and grants; an application takes its service
   * principal along. Applications and their service principals can be restored from `deletedItems`.
   */
  delete(objectId: string): boolean;
  /**
   * The system-assigned identity of the resource `armId` or, when `explicit`, the user-assigned identity that this
   * resource itself is. An earlier identity of the same resource goes: a resource that is made again is another
   * principal, and must not inherit its predecessor's access.
   */
  createManagedIdentity(
    armId: string,
    displayName: string,
    options?: { readonly explicit: boolean },
  ): ManagedIdentity;
  deleteManagedIdentity(principalId: string): void;
  /** Object ids of the groups that hold `objectId`, directly or through other groups. */
  groupsOf(objectId: string): readonly string[];
  readonly memberships: Memberships;
  readonly passwords: PasswordCredentials;
  readonly keyCredentials: KeyCredentials;
  readonly federatedCredentials: FederatedCredentials;
  readonly owners: Owners;
  readonly appRoleAssignments: AppRoleAssignments;
  readonly permissionGrants: PermissionGrants;
  readonly userPasswords: UserPasswords;
  readonly deletedItems: DeletedItems;
}

export function openDirectory(platform: Pick<Platform, "store" | "clock" | "ids" | "tenantId">): Directory {
  const { store, clock, ids, tenantId } = platform;
  const objects = openObjectTable(store);
  const related = {
    passwords: openPasswords(platform),
    memberships: openMemberships(store),
    keyCredentials: openKeyCredentials(platform),
    federatedCredentials: openFederatedCredentials(platform),
    owners: openOwners(store),
    appRoleAssignments: openAppRoleAssignments(platform),
    permissionGrants: openPermissionGrants(platform),
    userPasswords: openUserPasswords(platform),
  };
  const references = openReferences(store, Object.values(related));
  const deletedItems = openDeletedItems(platform, objects, references);

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
    objects.insert(complete, armId);
    return complete;
  };

  const requireFreeName = ({ type, properties }: NewDirectoryObject, ownId?: string) => {
    const name = type === "user" ? properties?.userPrincipalName : undefined;
    if (typeof name !== "string") return;
    const holder = objects.findUser(name);
    if (holder === undefined || holder.id === ownId) return;
    throw new DirectoryError(
      "conflict",
      "Another object with the same value for property userPrincipalName already exists.",
    );
  };

  const deleteForGood = (objectId: string) => {
    objects.remove(objectId);
    references.removeAll(objectId);
  };

  const deleteObject = (objectId: string): boolean =>
    store.transaction(() => {
      const object = objects.find(objectId);
      if (object === undefined) return false;
      if (!isRestorable(object)) {
        deleteForGood(object.id);
        return true;
      }
      const servicePrincipal =
        object.type === "application" ? objects.findByApp("servicePrincipal", object.appId ?? "") : undefined;
      if (servicePrincipal !== undefined) deletedItems.put(servicePrincipal);
      deletedItems.put(object);
      return true;
    });

  return {
    ...related,
    deletedItems,
    find: objects.find,
    findApplicationByAppId: (appId) => objects.findByApp("application", appId),
    findServicePrincipalByAppId: (appId) => objects.findByApp("servicePrincipal", appId),
    findUser: objects.findUser,
    list: objects.list,
    create(object) {
      return store.transaction(() => {
        if (object.type === "application") return write({ ...object, appId: object.appId ?? ids.uuid() });
        requireFreeName(object);
        if (object.type !== "servicePrincipal") return write(object);
        const appId = object.appId ?? "";
        const owner = object.appOwnerOrganizationId ?? tenantId;
        if (owner === tenantId && objects.findByApp("application", appId) === undefined) {
          throw new DirectoryError("noApplication", `No application has the application id ${appId}.`);
        }
        if (objects.findByApp("servicePrincipal", appId) !== undefined) {
          throw new DirectoryError("conflict", `Application ${appId} has a service principal already.`);
        }
        return write({ servicePrincipalType: "Application", ...object, appOwnerOrganizationId: owner });
      });
    },
    update(objectId, changes) {
      return store.transaction(() => {
        const before = objects.find(objectId);
        if (before === undefined) throw new DirectoryError("notFound", `Object ${objectId} does not exist.`);
        const after = { ...before, ...changes };
        requireFreeName(after, after.id);
        objects.replace(after);
        return after;
      });
    },
    delete: deleteObject,
    createManagedIdentity(armId, displayName, { explicit } = { explicit: false }) {
      return store.transaction(() => {
        const predecessor = objects.findByArmId(armId);
        if (predecessor !== undefined) deleteForGood(predecessor.id);
        const appId = ids.uuid();
        const { id } = write(
          {
            type: "servicePrincipal",
            displayName,
            appId,
            servicePrincipalType: "ManagedIdentity",
            alternativeNames: [`isExplicit=${explicit ? "True" : "False"}`, armId],
            appOwnerOrganizationId: tenantId,
          },
          armId,
        );
        return { principalId: id, clientId: appId, tenantId };
      });
    },
    deleteManagedIdentity(principalId) {
      if (objects.find(principalId)?.servicePrincipalType === "ManagedIdentity") deleteObject(principalId);
    },
    groupsOf: (objectId) => related.memberships.groupsOf(objectId),
  };
}

/** A managed identity goes with its resource, users and groups of this cloud at once. */
function isRestorable({ type, servicePrincipalType }: DirectoryObject): boolean {
  return (
    type === "application" || (type === "servicePrincipal" && servicePrincipalType !== "ManagedIdentity")
  );
}
