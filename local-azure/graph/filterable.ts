import type { Filterable } from "./odata/filter-evaluation.ts";

const named: Filterable = { id: "key", displayName: "text", createdDateTime: "time" };

/** What each type can be filtered by, of what Graph filters by without an advanced query. */
const filterable = {
  directoryObject: { id: "key", displayName: "text" },
  application: {
    ...named,
    appId: "key",
    identifierUris: "texts",
    publisherDomain: "text",
    signInAudience: "key",
    tags: "texts",
    uniqueName: "key",
  },
  servicePrincipal: {
    ...named,
    accountEnabled: "flag",
    alternativeNames: "texts",
    appId: "key",
    appOwnerOrganizationId: "key",
    servicePrincipalNames: "texts",
    servicePrincipalType: "key",
    tags: "texts",
  },
  group: {
    ...named,
    groupTypes: "texts",
    isAssignableToRole: "flag",
    mail: "text",
    mailEnabled: "flag",
    mailNickname: "text",
    securityEnabled: "flag",
    securityIdentifier: "key",
  },
  user: {
    ...named,
    accountEnabled: "flag",
    department: "text",
    employeeId: "text",
    givenName: "text",
    jobTitle: "text",
    mail: "text",
    mailNickname: "text",
    surname: "text",
    userPrincipalName: "text",
    userType: "key",
  },
  federatedIdentityCredential: { name: "key", issuer: "key", subject: "key" },
  appRoleAssignment: { appRoleId: "key", principalId: "key", resourceId: "key", principalType: "key" },
  oAuth2PermissionGrant: {
    clientId: "key",
    consentType: "key",
    principalId: "key",
    resourceId: "key",
    scope: "text",
  },
  organization: { id: "key" },
  domain: { id: "key" },
} as const satisfies Record<string, Filterable>;

export type GraphType = keyof typeof filterable;

export function filterableOf(type: GraphType): Filterable {
  return filterable[type];
}
