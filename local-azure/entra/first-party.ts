/** A permission that a resource of Microsoft's exposes to clients that act for a signed-in user. */
export interface FirstPartyScope {
  readonly id: string;
  readonly value: string;
}

/** A permission of a resource of Microsoft's that is assigned to a principal. */
export interface FirstPartyAppRole {
  readonly id: string;
  readonly value: string;
}

/** Microsoft's own applications whose service principals stand in every tenant. */
export interface FirstPartyApplication {
  readonly appId: string;
  readonly displayName: string;
  /** Identifier URIs, which `servicePrincipalNames` lists beside the application id. */
  readonly identifierUris: readonly string[];
  /** Delegated permissions (`oauth2PermissionScopes` of the service principal). */
  readonly scopes: readonly FirstPartyScope[];
  /** Application permissions (`appRoles` of the service principal). */
  readonly appRoles: readonly FirstPartyAppRole[];
  /** Version 1.0 where it is not given. */
  readonly tokenVersion?: "2.0";
}

/** The tenant that owns Microsoft's applications (`appOwnerOrganizationId` in Graph). */
export const microsoftServicesTenantId = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/**
 * The resources that tokens may be asked for. Application ids as listed at
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in, permission ids of
 * Microsoft Graph at https://learn.microsoft.com/graph/permissions-reference. The ids of `user_impersonation` of App
 * Service and of Azure Cosmos DB are ours: Microsoft does not publish them, and programs look them up by name.
 */
export const firstParty = {
  resourceManager: {
    appId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    displayName: "Windows Azure Service Management API",
    identifierUris: [
      "https://management.azure.com",
      "https://management.azure.com/",
      "https://management.core.windows.net",
      "https://management.core.windows.net/",
    ],
    scopes: [{ id: "41094075-9dad-400e-a0bd-54e686782033", value: "user_impersonation" }],
    appRoles: [],
  },
  graph: {
    appId: "00000003-0000-0000-c000-000000000000",
    displayName: "Microsoft Graph",
    identifierUris: ["https://graph.microsoft.com", "https://graph.microsoft.com/"],
    scopes: [
      { id: "84bccea3-f856-4a8a-967b-dbe0a3d53a64", value: "AppRoleAssignment.ReadWrite.All" },
      { id: "c79f8feb-a9db-4090-85f9-90d820caa0eb", value: "Application.Read.All" },
      { id: "bdfbf15f-ee85-4955-8675-146e8e5296b5", value: "Application.ReadWrite.All" },
      { id: "41ce6ca6-6826-4807-84f1-1c82854f7ee5", value: "DelegatedPermissionGrant.ReadWrite.All" },
      { id: "0e263e50-5827-48a4-b97c-d940288653c7", value: "Directory.AccessAsUser.All" },
      { id: "06da0dbc-49e2-44d2-8312-53f166ab848a", value: "Directory.Read.All" },
      { id: "c5366453-9fb0-48a5-a156-24f0c49a4b84", value: "Directory.ReadWrite.All" },
      { id: "2f9ee017-59c1-4f1d-9472-bd5529a7b311", value: "Domain.Read.All" },
      { id: "5f8c59db-677d-491f-a6b8-5f174b11ec1d", value: "Group.Read.All" },
      { id: "4e46008b-f24c-477d-8fff-7bb4ec7aafe0", value: "Group.ReadWrite.All" },
      { id: "bc024368-1153-4739-b217-4326f2e966d0", value: "GroupMember.Read.All" },
      { id: "f81125ac-d3b7-4573-a3b2-7099cc39df9e", value: "GroupMember.ReadWrite.All" },
      { id: "4908d5b9-3fb2-4b1e-9336-1888b7937185", value: "Organization.Read.All" },
      { id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", value: "User.Read" },
      { id: "a154be20-db9c-4678-8ab7-66f6cc099a59", value: "User.Read.All" },
      { id: "b340eb25-3456-403f-be2f-af7a0d370277", value: "User.ReadBasic.All" },
      { id: "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4", value: "User.ReadWrite.All" },
      { id: "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", value: "email" },
      { id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", value: "offline_access" },
      { id: "37f7f235-527c-4136-accd-4a02d197296e", value: "openid" },
      { id: "14dad69e-099b-42c9-810b-d002981feec1", value: "profile" },
    ],
    appRoles: [
      { id: "06b708a9-e830-4db3-a914-8e69da51d44f", value: "AppRoleAssignment.ReadWrite.All" },
      { id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", value: "Application.Read.All" },
      { id: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", value: "Application.ReadWrite.All" },
      { id: "18a4783c-866b-4cc7-a460-3d5e5662c884", value: "Application.ReadWrite.OwnedBy" },
      { id: "8e8e4742-1d95-4f68-9d56-6ee75648c72a", value: "DelegatedPermissionGrant.ReadWrite.All" },
      { id: "7ab1d382-f21e-4acd-a863-ba3e13f7da61", value: "Directory.Read.All" },
      { id: "19dbc75e-c2e2-444c-a770-ec69d8559fc7", value: "Directory.ReadWrite.All" },
      { id: "dbb9058a-0e50-45d7-ae91-66909b5d4664", value: "Domain.Read.All" },
      { id: "bf7b1a76-6e77-406b-b258-bf5c7720e98f", value: "Group.Create" },
      { id: "5b567255-7703-4780-807c-7be8301ae99b", value: "Group.Read.All" },
      { id: "62a82d76-70ea-41e2-9197-370581804d09", value: "Group.ReadWrite.All" },
      { id: "98830695-27a2-44f7-8c18-0c3ebc9698f6", value: "GroupMember.Read.All" },
      { id: "dbaae8cf-10b5-4b86-a4a1-f871c94c6695", value: "GroupMember.ReadWrite.All" },
      { id: "498476ce-e0fe-48b0-b801-37ba7e2685c6", value: "Organization.Read.All" },
      { id: "df021288-bdef-4463-88db-98f22de89214", value: "User.Read.All" },
      { id: "97235f07-e226-4f63-ace3-39588e11d3a1", value: "User.ReadBasic.All" },
      { id: "741f803b-c850-494e-b5df-cde7c675a1ca", value: "User.ReadWrite.All" },
    ],
  },
  keyVault: {
    appId: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    displayName: "Azure Key Vault",
    identifierUris: ["https://vault.azure.net", "https://vault.azure.net/"],
    scopes: [{ id: "f53da476-18e3-4152-8e01-aec403e6edc0", value: "user_impersonation" }],
    appRoles: [],
  },
  appService: {
    appId: "abfa0a7c-a6b6-4736-8310-5855508787cd",
    displayName: "Microsoft Azure App Service",
    identifierUris: ["https://appservice.azure.com", "https://appservice.azure.com/"],
    scopes: [{ id: "5f7a0b9e-3c1d-4e52-9a86-d20c4b7e1f35", value: "user_impersonation" }],
    appRoles: [],
  },
  cosmos: {
    appId: "a232010e-820c-4083-83bb-3ace5fc29d0b",
    displayName: "Azure Cosmos DB",
    identifierUris: ["https://cosmos.azure.com", "https://cosmos.azure.com/"],
    scopes: [{ id: "8e4b1d6a-2f70-4c95-b3ad-61c7d90e5f28", value: "user_impersonation" }],
    appRoles: [],
  },
  /** For whom a managed identity asks a token that an application's federated credential takes for its proof. */
  tokenExchange: {
    appId: "fb60f99c-7a34-4190-8149-302f77469936",
    displayName: "AAD Token Exchange Endpoint",
    identifierUris: ["api://AzureADTokenExchange"],
    scopes: [],
    appRoles: [],
    tokenVersion: "2.0",
  },
} as const satisfies Record<string, FirstPartyApplication>;

/**
 * The public client of the az CLI, with which people sign in. It is pre-authorized for the resources above, has no
 * secret, and may send people back to any port of this machine.
 */
export const azureCli = {
  appId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
  displayName: "Microsoft Azure CLI",
  identifierUris: [],
  scopes: [],
  appRoles: [],
  redirectUris: ["http://localhost"],
} as const satisfies FirstPartyApplication & { readonly redirectUris: readonly string[] };

/** Every application of Microsoft's that this tenant has. */
export const firstPartyApplications: readonly FirstPartyApplication[] = [
  ...Object.values(firstParty),
  azureCli,
];
