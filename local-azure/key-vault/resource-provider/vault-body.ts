import type { VaultSettings } from "./vault-model.ts";

const defaultRetentionDays = 90;

/** What the service itself knows of a vault. */
export interface VaultFacts {
  readonly origin: string;
  readonly provisioningState: "RegisteringDns" | "Succeeded";
}

/**
 * A vault's `properties` as resource manager shows them, from its settings. Purge protection is shown only when it is on,
 * network rules only when they were given.
 */
export function vaultProperties(
  settings: VaultSettings,
  { origin, provisioningState }: VaultFacts,
): Readonly<Record<string, unknown>> {
  const { networkAcls, enablePurgeProtection } = settings;
  return {
    sku: settings.sku,
    tenantId: settings.tenantId,
    ...(networkAcls === undefined ? {} : { networkAcls }),
    accessPolicies: [],
    enabledForDeployment: settings.enabledForDeployment ?? false,
    enabledForDiskEncryption: settings.enabledForDiskEncryption ?? false,
    enabledForTemplateDeployment: settings.enabledForTemplateDeployment ?? false,
    enableSoftDelete: true,
    softDeleteRetentionInDays: settings.softDeleteRetentionInDays ?? defaultRetentionDays,
    enableRbacAuthorization: true,
    ...(enablePurgeProtection ? { enablePurgeProtection } : {}),
    vaultUri: `${origin}/`,
    provisioningState,
    publicNetworkAccess: settings.publicNetworkAccess ?? "Enabled",
  };
}
