import type { Access } from "./access/permissions.ts";
import {
  createApplication,
  deleteApplication,
  listApplications,
  readApplication,
  updateApplication,
} from "./applications/operations.ts";
import type { GraphOperation } from "./call.ts";
import {
  createFederated,
  deleteFederated,
  listFederated,
  readFederated,
  updateFederated,
} from "./credentials/federated.ts";
import { addPassword, removePassword } from "./credentials/passwords.ts";
import { deleteDeletedItem, listDeletedItems, readDeletedItem, restoreDeletedItem } from "./deleted-items.ts";
import { createGroup, deleteGroup, listGroupObjects, readGroup, updateGroup } from "./groups/operations.ts";
import { addressed } from "./objects.ts";
import { listDomains, listOrganization, readDomain, readOrganization } from "./organization.ts";
import {
  createAssignment,
  deleteAssignment,
  listAssignments,
  readAssignment,
} from "./relations/app-role-assignments.ts";
import { getByIds, readDirectoryObject } from "./relations/directory-objects.ts";
import { checkMemberGroups, getMemberGroups, listGroups, type Subject } from "./relations/member-of.ts";
import { addMember, listMembers, listTransitiveMembers, removeMember } from "./relations/members.ts";
import { addOwner, listOwners, type OwnedType, removeOwner } from "./relations/owners.ts";
import {
  createGrant,
  deleteGrant,
  listGrants,
  listGrantsForUser,
  listGrantsOfClient,
  readGrant,
  updateGrant,
} from "./relations/permission-grants.ts";
import {
  createServicePrincipal,
  deleteServicePrincipal,
  listServicePrincipals,
  readServicePrincipal,
  updateServicePrincipal,
} from "./service-principals/operations.ts";
import {
  createUser,
  deleteUser,
  listUsers,
  me,
  readManager,
  readMe,
  readUser,
  updateUser,
} from "./users/operations.ts";

/** What answers a route, and what its caller must be allowed to do. */
export type Route = readonly [GraphOperation, Access];

const user: Subject = (call) => addressed(call, "user");
const group: Subject = (call) => addressed(call, "group");
const servicePrincipal: Subject = (call) => addressed(call, "servicePrincipal");
const anyObject: Subject = (call) => addressed(call);

/**
 * Every route of Graph below `/graph`, as the request log names it. `:version` is `v1.0` or `beta`; `:id` and `:other` are
 * keys of objects, `:cast` is a type, `microsoft.graph.user`.
 */
export const routeTable: Readonly<Record<string, Route>> = {
  "GET /:version/applications": [listApplications, "readApplications"],
  "POST /:version/applications": [createApplication, "createApplications"],
  "GET /:version/applications/:id": [readApplication, "readApplications"],
  "PATCH /:version/applications/:id": [updateApplication, "writeApplications"],
  "DELETE /:version/applications/:id": [deleteApplication, "writeApplications"],
  "POST /:version/applications/:id/addPassword": [addPassword("application"), "writeApplications"],
  "POST /:version/applications/:id/removePassword": [removePassword("application"), "writeApplications"],
  "GET /:version/applications/:id/federatedIdentityCredentials": [listFederated, "readApplications"],
  "POST /:version/applications/:id/federatedIdentityCredentials": [createFederated, "writeApplications"],
  "GET /:version/applications/:id/federatedIdentityCredentials/:other": [readFederated, "readApplications"],
  "PATCH /:version/applications/:id/federatedIdentityCredentials/:other": [
    updateFederated,
    "writeApplications",
  ],
  "DELETE /:version/applications/:id/federatedIdentityCredentials/:other": [
    deleteFederated,
    "writeApplications",
  ],
  ...ownerRoutes("applications", "application", "readApplications", "writeApplications"),

  "GET /:version/servicePrincipals": [listServicePrincipals, "readApplications"],
  "POST /:version/servicePrincipals": [createServicePrincipal, "createApplications"],
  "GET /:version/servicePrincipals/:id": [readServicePrincipal, "readApplications"],
  "PATCH /:version/servicePrincipals/:id": [updateServicePrincipal, "writeApplications"],
  "DELETE /:version/servicePrincipals/:id": [deleteServicePrincipal, "writeApplications"],
  "POST /:version/servicePrincipals/:id/addPassword": [addPassword("servicePrincipal"), "writeApplications"],
  "POST /:version/servicePrincipals/:id/removePassword": [
    removePassword("servicePrincipal"),
    "writeApplications",
  ],
  ...ownerRoutes("servicePrincipals", "servicePrincipal", "readApplications", "writeApplications"),
  ...assignmentRoutes("servicePrincipals/:id/appRoleAssignedTo", "servicePrincipal", "resource"),
  ...assignmentRoutes("servicePrincipals/:id/appRoleAssignments", "servicePrincipal", "principal"),
  "GET /:version/servicePrincipals/:id/oauth2PermissionGrants": [listGrantsOfClient, "readPermissionGrants"],
  ...memberOfRoutes("servicePrincipals/:id", servicePrincipal, "readApplications"),

  "GET /:version/oauth2PermissionGrants": [listGrants, "readPermissionGrants"],
  "POST /:version/oauth2PermissionGrants": [createGrant, "writePermissionGrants"],
  "GET /:version/oauth2PermissionGrants/:id": [readGrant, "readPermissionGrants"],
  "PATCH /:version/oauth2PermissionGrants/:id": [updateGrant, "writePermissionGrants"],
  "DELETE /:version/oauth2PermissionGrants/:id": [deleteGrant, "writePermissionGrants"],

  "GET /:version/groups": [listGroupObjects, "readGroups"],
  "POST /:version/groups": [createGroup, "createGroups"],
  "GET /:version/groups/:id": [readGroup, "readGroups"],
  "PATCH /:version/groups/:id": [updateGroup, "writeGroups"],
  "DELETE /:version/groups/:id": [deleteGroup, "writeGroups"],
  "GET /:version/groups/:id/members": [listMembers, "readGroups"],
  "GET /:version/groups/:id/members/:cast": [listMembers, "readGroups"],
  "GET /:version/groups/:id/transitiveMembers": [listTransitiveMembers, "readGroups"],
  "GET /:version/groups/:id/transitiveMembers/:cast": [listTransitiveMembers, "readGroups"],
  "POST /:version/groups/:id/members/$ref": [addMember, "writeMembers"],
  "DELETE /:version/groups/:id/members/:other/$ref": [removeMember, "writeMembers"],
  ...ownerRoutes("groups", "group", "readGroups", "writeGroups"),
  ...assignmentRoutes("groups/:id/appRoleAssignments", "group", "principal"),
  ...memberOfRoutes("groups/:id", group, "readGroups"),

  "GET /:version/users": [listUsers, "readUsers"],
  "POST /:version/users": [createUser, "writeUsers"],
  "GET /:version/users/:id": [readUser, "readUsers"],
  "PATCH /:version/users/:id": [updateUser, "writeUsers"],
  "DELETE /:version/users/:id": [deleteUser, "writeUsers"],
  "GET /:version/users/:id/manager": [readManager, "readUsers"],
  "GET /:version/users/:id/oauth2PermissionGrants": [listGrantsForUser(user), "readPermissionGrants"],
  ...assignmentRoutes("users/:id/appRoleAssignments", "user", "principal"),
  ...memberOfRoutes("users/:id", user, "readUsers"),

  "GET /:version/me": [readMe, "readMe"],
  ...memberOfRoutes("me", me, "readMe"),

  "GET /:version/directoryObjects/:id": [readDirectoryObject, "readDirectory"],
  "POST /:version/directoryObjects/getByIds": [getByIds, "readDirectory"],
  ...memberIdRoutes("directoryObjects/:id", anyObject, "readDirectory"),

  "GET /:version/directory/deletedItems/:cast": [listDeletedItems, "readApplications"],
  "GET /:version/directory/deletedItems/:id": [readDeletedItem, "readApplications"],
  "POST /:version/directory/deletedItems/:id/restore": [restoreDeletedItem, "restoreDeleted"],
  "DELETE /:version/directory/deletedItems/:id": [deleteDeletedItem, "restoreDeleted"],

  "GET /:version/organization": [listOrganization, "readOrganization"],
  "GET /:version/organization/:id": [readOrganization, "readOrganization"],
  "GET /:version/domains": [listDomains, "readOrganization"],
  "GET /:version/domains/:id": [readDomain, "readOrganization"],
};

function ownerRoutes(collection: string, type: OwnedType, reading: Access, writing: Access) {
  return {
    [`GET /:version/${collection}/:id/owners`]: [listOwners(type), reading],
    [`GET /:version/${collection}/:id/owners/:cast`]: [listOwners(type), reading],
    [`POST /:version/${collection}/:id/owners/$ref`]: [addOwner(type), writing],
    [`DELETE /:version/${collection}/:id/owners/:other/$ref`]: [removeOwner(type), writing],
  } satisfies Record<string, Route>;
}

function assignmentRoutes(path: string, ...end: Parameters<typeof listAssignments>) {
  return {
    [`GET /:version/${path}`]: [listAssignments(...end), "readAppRoleAssignments"],
    [`POST /:version/${path}`]: [createAssignment(...end), "writeAppRoleAssignments"],
    [`GET /:version/${path}/:other`]: [readAssignment(...end), "readAppRoleAssignments"],
    [`DELETE /:version/${path}/:other`]: [deleteAssignment(...end), "writeAppRoleAssignments"],
  } satisfies Record<string, Route>;
}

function memberOfRoutes(path: string, subject: Subject, access: Access) {
  return {
    [`GET /:version/${path}/memberOf`]: [listGroups(subject, "direct"), access],
    [`GET /:version/${path}/memberOf/:cast`]: [listGroups(subject, "direct"), access],
    [`GET /:version/${path}/transitiveMemberOf`]: [listGroups(subject, "transitive"), access],
    [`GET /:version/${path}/transitiveMemberOf/:cast`]: [listGroups(subject, "transitive"), access],
    ...memberIdRoutes(path, subject, access),
  } satisfies Record<string, Route>;
}

function memberIdRoutes(path: string, subject: Subject, access: Access) {
  return {
    [`POST /:version/${path}/getMemberGroups`]: [getMemberGroups(subject), access],
    [`POST /:version/${path}/getMemberObjects`]: [getMemberGroups(subject), access],
    [`POST /:version/${path}/checkMemberGroups`]: [checkMemberGroups(subject, "groupIds"), access],
    [`POST /:version/${path}/checkMemberObjects`]: [checkMemberGroups(subject, "ids"), access],
  } satisfies Record<string, Route>;
}
