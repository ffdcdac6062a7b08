import type { ArmResource, ResourceStore } from "../../arm/resource-store.ts";
import { vaultType } from "../vault.ts";

/**
 * Tells whether a vault may be called so: 3 to 24 letters, digits and hyphens, beginning with a letter, ending with a
 * letter or digit, no two hyphens together
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault).
 */
export function isVaultName(name: string): boolean {
  return /^[A-Za-z](?:[A-Za-z0-9]|-(?!-)){1,22}[A-Za-z0-9]$/.test(name);
}

export function invalidVaultName(name: string): string {
  return `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742`;
}

/** The vault of that name, in any resource group: on Azure the name is part of a host name. */
export function vaultNamed(name: string, resources: ResourceStore): ArmResource | undefined {
  return resources.list(vaultType).find((vault) => vault.name.toLowerCase() === name.toLowerCase());
}

export function vaultNameTaken(name: string): string {
  return `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`;
}
