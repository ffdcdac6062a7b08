import type { Shape } from "../properties.ts";

const redirectUris: Shape = { redirectUris: "texts" };
const optionalClaim: Shape = {
  additionalProperties: "texts",
  essential: "flag",
  name: "text",
  source: "text",
};

export const appRole: Shape = {
  allowedMemberTypes: "texts",
  description: "text",
  displayName: "text",
  id: "guid",
  isEnabled: "flag",
  origin: "text",
  value: "text",
};

export const permissionScope: Shape = {
  adminConsentDescription: "text",
  adminConsentDisplayName: "text",
  id: "guid",
  isEnabled: "flag",
  origin: "text",
  type: { oneOf: ["User", "Admin"] },
  userConsentDescription: "text",
  userConsentDisplayName: "text",
  value: "text",
};

/** https://learn.microsoft.com/graph/api/resources/application#properties */
export const writableApplication: Shape = {
  displayName: { longest: 256 },
  api: {
    object: {
      acceptMappedClaims: "flag",
      knownClientApplications: "guids",
      oauth2PermissionScopes: { list: permissionScope },
      preAuthorizedApplications: { list: { appId: "guid", delegatedPermissionIds: "guids" } },
      requestedAccessTokenVersion: { oneOf: [1, 2] },
    },
  },
  appRoles: { list: appRole },
  description: { longest: 1024 },
  groupMembershipClaims: "text",
  identifierUris: "texts",
  info: {
    object: {
      logoUrl: "unset",
      marketingUrl: "text",
      privacyStatementUrl: "text",
      supportUrl: "text",
      termsOfServiceUrl: "text",
    },
  },
  isDeviceOnlyAuthSupported: "unset",
  isFallbackPublicClient: "flag",
  notes: { longest: 1024 },
  oauth2RequirePostResponse: "flag",
  optionalClaims: {
    object: {
      accessToken: { list: optionalClaim },
      idToken: { list: optionalClaim },
      saml2Token: { list: optionalClaim },
    },
  },
  publicClient: { object: redirectUris },
  requiredResourceAccess: {
    list: {
      resourceAppId: "guid",
      resourceAccess: { list: { id: "guid", type: { oneOf: ["Role", "Scope"] } } },
    },
  },
  serviceManagementReference: "text",
  signInAudience: { oneOf: ["AzureADMyOrg", "AzureADMultipleOrgs"] },
  spa: { object: redirectUris },
  tags: "texts",
  web: {
    object: {
      ...redirectUris,
      homePageUrl: "text",
      implicitGrantSettings: {
        object: { enableAccessTokenIssuance: "unset", enableIdTokenIssuance: "unset" },
      },
      logoutUrl: "text",
      redirectUriSettings: { list: { uri: "text", index: "integer" } },
    },
  },
};
