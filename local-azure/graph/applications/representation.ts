import { tenantDomain } from "../../core/tenancy.ts";
import type { DirectoryObject } from "../../entra/directory.ts";
import { type CredentialContext, shownKeys, shownPasswords } from "../credentials/representation.ts";
import { type Properties, withDefaults } from "../properties.ts";

/** An application as Graph shows it. */
export function representApplication(object: DirectoryObject, context: CredentialContext): Properties {
  return {
    ...withDefaults(defaults, object.properties),
    appId: object.appId,
    passwordCredentials: shownPasswords(object, context),
    keyCredentials: shownKeys(object, context),
  };
}

/** The identifier URIs that were written to an application. */
export function identifierUrisOf(application: DirectoryObject | undefined): readonly string[] {
  const uris = application?.properties.identifierUris;
  return Array.isArray(uris) ? uris.map(String) : [];
}

const defaults: Properties = {
  addIns: [],
  api: {
    acceptMappedClaims: null,
    knownClientApplications: [],
    oauth2PermissionScopes: [],
    preAuthorizedApplications: [],
    requestedAccessTokenVersion: null,
  },
  appRoles: [],
  applicationTemplateId: null,
  certification: null,
  defaultRedirectUri: null,
  description: null,
  disabledByMicrosoftStatus: null,
  groupMembershipClaims: null,
  identifierUris: [],
  info: {
    logoUrl: null,
    marketingUrl: null,
    privacyStatementUrl: null,
    supportUrl: null,
    termsOfServiceUrl: null,
  },
  isDeviceOnlyAuthSupported: null,
  isFallbackPublicClient: null,
  notes: null,
  oauth2RequirePostResponse: false,
  optionalClaims: null,
  parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
  publicClient: { redirectUris: [] },
  publisherDomain: tenantDomain,
  requestSignatureVerification: null,
  requiredResourceAccess: [],
  samlMetadataUrl: null,
  serviceManagementReference: null,
  servicePrincipalLockConfiguration: null,
  signInAudience: "AzureADMyOrg",
  spa: { redirectUris: [] },
  tags: [],
  tokenEncryptionKeyId: null,
  uniqueName: null,
  verifiedPublisher: { addedDateTime: null, displayName: null, verifiedPublisherId: null },
  web: {
    homePageUrl: null,
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    logoutUrl: null,
    redirectUriSettings: [],
    redirectUris: [],
  },
};
