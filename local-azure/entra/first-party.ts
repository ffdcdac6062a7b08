/** Microsoft's own applications whose service principals stand in every tenant. */
export interface FirstPartyApplication {
  readonly appId: string;
  readonly displayName: string;
  /** Identifier URIs, which `servicePrincipalNames` lists beside the application id. */
  readonly identifierUris: readonly string[];
}

/** The tenant that owns Microsoft's applications (`appOwnerOrganizationId` in Graph). */
export const microsoftServicesTenantId = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/**
 * The resources that tokens may be asked for. Application ids as listed at
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
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
  },
  graph: {
    appId: "00000003-0000-0000-c000-000000000000",
    displayName: "Microsoft Graph",
    identifierUris: ["https://graph.microsoft.com", "https://graph.microsoft.com/"],
  },
  keyVault: {
    appId: "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    displayName: "Azure Key Vault",
    identifierUris: ["https://vault.azure.net", "https://vault.azure.net/"],
  },
  appService: {
    appId: "abfa0a7c-a6b6-4736-8310-5855508787cd",
    displayName: "Microsoft Azure App Service",
    identifierUris: ["https://appservice.azure.com", "https://appservice.azure.com/"],
  },
  cosmos: {
    appId: "a232010e-820c-4083-83bb-3ace5fc29d0b",
    displayName: "Azure Cosmos DB",
    identifierUris: ["https://cosmos.azure.com", "https://cosmos.azure.com/"],
  },
} as const satisfies Record<string, FirstPartyApplication>;
