import { requireExisting } from "../../arm/errors.ts";
import { resourceBody } from "../../arm/resource-body.ts";
import type { ServiceTypeRow } from "../../arm/resource-provider.ts";
import { vaultType } from "../vault.ts";
import { keyVaultApiVersions } from "./api-versions.ts";
import { type KeyVaultServices, vaultPath } from "./services.ts";
import { patchVault, putVault } from "./write-vault.ts";

/** `Microsoft.KeyVault/vaults`. A deleted vault is gone with its secrets. */
export const vaultRow: ServiceTypeRow<KeyVaultServices> = {
  type: vaultType,
  path: vaultPath,
  apiVersions: keyVaultApiVersions,
  get: (call) => ({ status: 200, body: resourceBody(requireExisting(call)) }),
  list: (call, { resources, platform }) => {
    const { resourceGroupName } = call.parameters;
    const subscription = `/subscriptions/${platform.subscriptionId}`;
    const below =
      resourceGroupName === undefined ? subscription : `${subscription}/resourceGroups/${resourceGroupName}`;
    return { status: 200, body: { value: resources.list(vaultType, below).map(resourceBody) } };
  },
  put: putVault,
  patch: patchVault,
  delete: async ({ existing }, { resources }) => {
    if (existing === undefined) return { status: 204 };
    await resources.delete(existing.id);
    return { status: 200 };
  },
};
