/** What one kind of operation asks of its caller, beside being an administrator's. */
export interface Requirement {
  /** Any of these app roles of Microsoft Graph lets an application do it. */
  readonly application: readonly string[];
  /** Any of these lets an application do it to what it owns. */
  readonly ownedByApplication?: readonly string[];
  /** With one of these a client may do in a person's name what the person may do. */
  readonly delegated: readonly string[];
  /** Which persons may: any member of the tenant, owners of the object, or administrators alone. */
  readonly person: "member" | "owner" | "administrator";
}

const asUser = "Directory.AccessAsUser.All";
const readDirectory = ["Directory.Read.All", "Directory.ReadWrite.All"];
const writeApplications = ["Application.ReadWrite.All", "Directory.ReadWrite.All"];
const readApplications = ["Application.Read.All", ...writeApplications, "Directory.Read.All"];
const ownedApplications = ["Application.ReadWrite.OwnedBy"];
const writeGroups = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];
const readGroups = ["GroupMember.Read.All", "Group.Read.All", ...writeGroups, "Directory.Read.All"];
const writeMembers = ["GroupMember.ReadWrite.All", ...writeGroups];
const writeUsers = ["User.ReadWrite.All", "Directory.ReadWrite.All"];
const readUsers = ["User.ReadBasic.All", "User.Read.All", ...writeUsers, "Directory.Read.All"];
const writeGrants = ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];
const writeAppRoles = ["AppRoleAssignment.ReadWrite.All"];

/**
 * Which permissions each kind of operation takes, from the pages of the operations in
 * https://learn.microsoft.com/graph/api/overview. Ordinary members read; they write what they own. Registering
 * applications and creating groups is for administrators here, as where a tenant's user settings say so.
 */
export const requirements = {
  readApplications: {
    application: [...readApplications, ...ownedApplications],
    delegated: [...readApplications, asUser],
    person: "member",
  },
  createApplications: {
    application: [...writeApplications, ...ownedApplications],
    delegated: [...writeApplications, asUser],
    person: "administrator",
  },
  writeApplications: {
    application: writeApplications,
    ownedByApplication: ownedApplications,
    delegated: [...writeApplications, asUser],
    person: "owner",
  },
  readAppRoleAssignments: {
    application: [...readApplications, ...writeAppRoles],
    delegated: [...readApplications, ...writeAppRoles, asUser],
    person: "member",
  },
  writeAppRoleAssignments: {
    application: writeAppRoles,
    delegated: writeAppRoles,
    person: "administrator",
  },
  readPermissionGrants: {
    application: [...readDirectory, ...writeGrants],
    delegated: [...readDirectory, ...writeGrants, asUser],
    person: "member",
  },
  writePermissionGrants: {
    application: writeGrants,
    delegated: [...writeGrants, asUser],
    person: "administrator",
  },
  readGroups: { application: readGroups, delegated: [...readGroups, asUser], person: "member" },
  createGroups: {
    application: ["Group.Create", ...writeGroups],
    delegated: [...writeGroups, asUser],
    person: "administrator",
  },
  writeGroups: { application: writeGroups, delegated: [...writeGroups, asUser], person: "owner" },
  writeMembers: { application: writeMembers, delegated: [...writeMembers, asUser], person: "owner" },
  readUsers: { application: readUsers, delegated: [...readUsers, asUser], person: "member" },
  writeUsers: { application: writeUsers, delegated: [...writeUsers, asUser], person: "administrator" },
  readMe: { application: [], delegated: ["User.Read", ...readUsers, asUser], person: "member" },
  readDirectory: { application: readDirectory, delegated: [...readDirectory, asUser], person: "member" },
  readOrganization: {
    application: ["Organization.Read.All", "Domain.Read.All", ...readDirectory],
    delegated: ["User.Read", "Organization.Read.All", "Domain.Read.All", ...readDirectory, asUser],
    person: "member",
  },
  restoreDeleted: {
    application: writeApplications,
    delegated: [...writeApplications, asUser],
    person: "administrator",
  },
} as const satisfies Record<string, Requirement>;

export type Access = keyof typeof requirements;
