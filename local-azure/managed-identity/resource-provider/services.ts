import type { ResourceStore } from "../../arm/resource-store.ts";
import type { Platform } from "../../core/platform.ts";
import type { Directory } from "../../entra/directory.ts";
import type { CredentialWrites } from "./credential-writes.ts";

/** What the handlers of Microsoft.ManagedIdentity work with. */
export interface ManagedIdentityServices {
  readonly platform: Platform;
  readonly resources: ResourceStore;
  readonly directory: Directory;
  readonly writes: CredentialWrites;
}

export const identityType = "Microsoft.ManagedIdentity/userAssignedIdentities";
export const credentialType = `${identityType}/federatedIdentityCredentials`;
export const identityPath = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${identityType}/{resourceName}`;

/**
 * azure-native 3.28.0 speaks 2023-01-31, @azure/arm-msi 2.2 and az 2.91 speak 2024-11-30. Federated credentials came with
 * 2022-01-31-preview; the shapes served here are the same since.
 */
export const managedIdentityApiVersions: readonly string[] = [
  "2024-11-30",
  "2023-07-31-preview",
  "2023-01-31",
  "2022-01-31-preview",
];
