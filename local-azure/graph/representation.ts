import type { Directory, DirectoryObject } from "../entra/directory.ts";
import { firstParty } from "../entra/first-party.ts";
import type { PasswordCredential } from "../entra/passwords.ts";
import { merge, type Properties } from "./properties.ts";

/** A directory object as Graph answers it, with all its default properties. */
export function represent(object: DirectoryObject, directory: Directory): Properties {
  const base = {
    id: object.id,
    deletedDateTime: null,
    displayName: object.displayName,
    createdDateTime: object.createdDateTime,
  };
  switch (object.type) {
    case "application":
      return {
        ...merge(applicationDefaults, object.properties),
        ...base,
        appId: object.appId,
        passwordCredentials: passwordsOf(object, directory),
      };
    case "servicePrincipal":
      return {
        ...merge(servicePrincipalDefaults, object.properties),
        ...base,
        accountEnabled: object.accountEnabled,
        alternativeNames: object.alternativeNames ?? [],
        appId: object.appId,
        appDisplayName:
          directory.findApplicationByAppId(object.appId ?? "")?.displayName ?? object.displayName,
        appOwnerOrganizationId: object.appOwnerOrganizationId ?? null,
        servicePrincipalNames: servicePrincipalNames(object, directory),
        servicePrincipalType: object.servicePrincipalType,
        passwordCredentials: passwordsOf(object, directory),
      };
    case "user":
      return { ...object.properties, ...base, accountEnabled: object.accountEnabled };
    case "group":
      return { ...object.properties, ...base };
  }
}

/** `@odata.type`, without which clients drop an object of a mixed list. */
export function odataType(object: DirectoryObject): string {
  return `#microsoft.graph.${object.type}`;
}

/** A secret as Graph shows it after it was made: without its text. */
export function representPassword(password: PasswordCredential): Properties {
  const { keyId, displayName, hint, startDateTime, endDateTime } = password;
  return {
    customKeyIdentifier: null,
    displayName,
    endDateTime,
    hint,
    keyId,
    secretText: null,
    startDateTime,
  };
}

function passwordsOf({ id }: DirectoryObject, { passwords }: Directory): readonly Properties[] {
  return passwords.of(id).map(representPassword);
}

function servicePrincipalNames({ appId = "" }: DirectoryObject, directory: Directory): readonly string[] {
  const microsoft = Object.values(firstParty).find((application) => application.appId === appId);
  const uris = microsoft?.identifierUris ?? identifierUris(directory.findApplicationByAppId(appId));
  return [appId, ...uris];
}

/** The identifier URIs that were written to an application. */
export function identifierUris(application: DirectoryObject | undefined): readonly string[] {
  const uris = application?.properties.identifierUris;
  return Array.isArray(uris) ? uris.map(String) : [];
}

const applicationDefaults: Properties = {
  api: {
    acceptMappedClaims: null,
    knownClientApplications: [],
    requestedAccessTokenVersion: null,
    oauth2PermissionScopes: [],
    preAuthorizedApplications: [],
  },
  appRoles: [],
  description: null,
  groupMembershipClaims: null,
  identifierUris: [],
  info: {},
  isFallbackPublicClient: null,
  keyCredentials: [],
  notes: null,
  optionalClaims: null,
  publicClient: { redirectUris: [] },
  requiredResourceAccess: [],
  serviceManagementReference: null,
  signInAudience: "AzureADMyOrg",
  spa: { redirectUris: [] },
  tags: [],
  web: {
    homePageUrl: null,
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    logoutUrl: null,
    redirectUris: [],
  },
};

const servicePrincipalDefaults: Properties = {
  appRoleAssignmentRequired: false,
  appRoles: [],
  description: null,
  homepage: null,
  keyCredentials: [],
  loginUrl: null,
  logoutUrl: null,
  notes: null,
  notificationEmailAddresses: [],
  oauth2PermissionScopes: [],
  preferredSingleSignOnMode: null,
  replyUrls: [],
  tags: [],
};
