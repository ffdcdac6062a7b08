import { type ArmCall, ArmError } from "../../arm/resource-provider.ts";
import { rbacByDefaultSince } from "./api-versions.ts";
import type { VaultSettings } from "./vault-model.ts";

/** What of a vault decides whether a change of it is allowed. */
export interface KeptSettings {
  readonly softDeleteRetentionInDays?: number;
  readonly enableRbacAuthorization?: boolean;
}

const minimumRetentionDays = 7;
const maximumRetentionDays = 90;

/**
 * Refuses settings that Azure refuses, and those that this local cloud does not serve.
 *
 * @param kept the settings of the vault as it is; undefined for a new one.
 * @throws ArmError 400 BadRequest with every fault.
 */
export function checkVaultSettings(
  call: ArmCall,
  settings: VaultSettings,
  kept: KeptSettings | undefined,
  tenantId: string,
): void {
  const { softDeleteRetentionInDays: retention } = settings;
  const faults: readonly (string | false)[] = [
    settings.tenantId !== undefined &&
      settings.tenantId.toLowerCase() !== tenantId &&
      `The tenant '${settings.tenantId}' is not '${tenantId}', the one of this subscription; other tenants are not supported by this local cloud.`,
    !decidesByRbac(call, settings, kept) &&
      "Access policies are not supported by this local cloud: set enableRbacAuthorization to true and assign Azure roles, such as Key Vault Secrets User.",
    (settings.accessPolicies ?? []).length > 0 &&
      "The property accessPolicies must be empty: this local cloud decides by Azure RBAC alone.",
    settings.enableSoftDelete === false &&
      "The property \"enableSoftDelete\" can be set to false only for creating new vaults. Enabling the 'soft delete' functionality is an irreversible action.",
    settings.enablePurgeProtection === false &&
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    retention !== undefined &&
      (retention < minimumRetentionDays || retention > maximumRetentionDays) &&
      `The property "softDeleteRetentionInDays" must be between ${minimumRetentionDays} and ${maximumRetentionDays}.`,
    retention !== undefined &&
      kept?.softDeleteRetentionInDays !== undefined &&
      retention !== kept.softDeleteRetentionInDays &&
      'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
    settings.createMode === "recover" &&
      "The createMode 'recover' is not supported by this local cloud: it keeps no deleted vaults.",
  ];
  const found = faults.filter((fault) => fault !== false);
  if (found.length > 0) throw new ArmError(400, "BadRequest", found.join(" "));
}

/** A new vault decides by access policies before 2026-02-01 and by Azure RBAC from then on, unless its body says. */
function decidesByRbac(
  { apiVersion, method }: ArmCall,
  { enableRbacAuthorization }: VaultSettings,
  kept: KeptSettings | undefined,
): boolean {
  if (enableRbacAuthorization !== undefined) return enableRbacAuthorization;
  if (kept?.enableRbacAuthorization === true && method === "PATCH") return true;
  return apiVersion >= rbacByDefaultSince;
}
