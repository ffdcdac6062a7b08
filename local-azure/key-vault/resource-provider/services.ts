import type { ResourceStore } from "../../arm/resource-store.ts";
import type { Platform } from "../../core/platform.ts";
import type { VaultSecrets } from "../secrets/vault-secrets.ts";

/** What the handlers of Microsoft.KeyVault work with. */
export interface KeyVaultServices {
  readonly platform: Platform;
  readonly resources: ResourceStore;
  readonly secrets: VaultSecrets;
}

export const vaultPath =
  "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}";
