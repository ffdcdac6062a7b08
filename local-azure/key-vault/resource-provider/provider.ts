import { bindRow, type ResourceManagerServices, type ResourceProvider } from "../../arm/resource-provider.ts";
import { routeNames } from "../../arm/route-table.ts";
import type { Platform } from "../../core/platform.ts";
import type { VaultSecrets } from "../secrets/vault-secrets.ts";
import { vaultType } from "../vault.ts";
import { nameAvailabilityRow } from "./name-availability.ts";
import { secretRow } from "./secrets.ts";
import type { KeyVaultServices } from "./services.ts";
import { vaultRow } from "./vaults.ts";
import { finishInterrupted } from "./write-vault.ts";

const rows = [vaultRow, secretRow, nameAvailabilityRow] as const;

/** Every route of Microsoft.KeyVault, as the request log names it. */
export const routes: readonly string[] = routeNames(rows);

/** The control plane of Key Vault. A vault that goes, by its own delete or with its group, gives its port back. */
export function createKeyVaultProvider(
  platform: Platform,
  { resources }: ResourceManagerServices,
  { secrets }: { readonly secrets: VaultSecrets },
): ResourceProvider {
  const services: KeyVaultServices = { platform, resources, secrets };
  resources.observe((change) => {
    if (change.kind === "delete" && change.before.type === vaultType)
      platform.ports.release(change.before.id);
  });
  void finishInterrupted(services);
  return { namespace: "Microsoft.KeyVault", types: rows.map((row) => bindRow(row, services)) };
}
