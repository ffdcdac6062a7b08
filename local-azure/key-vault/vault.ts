import type { ArmResource } from "../arm/resource-store.ts";
import { type NetworkRules, readNetworkRules } from "./network-rules.ts";

export const vaultType = "Microsoft.KeyVault/vaults";
export const secretType = `${vaultType}/secrets`;

/** What is kept beside a vault and never shown: `internal` of its resource. */
export interface VaultInternal extends Record<string, unknown> {
  /** The vault's own port, part of its URI. */
  readonly port: number;
}

/** A vault as its data plane reads it. */
export interface Vault {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly port: number;
  /** `https://localhost:<port>`, without a trailing slash. */
  readonly origin: string;
  readonly networkRules: NetworkRules;
}

/** Reads a stored resource of type `Microsoft.KeyVault/vaults`. */
export function readVault({ id, name, location, properties, internal }: ArmResource): Vault {
  const { port } = internal as VaultInternal;
  return {
    id,
    name,
    location: location ?? "",
    port,
    origin: vaultOrigin(port),
    networkRules: readNetworkRules(properties),
  };
}

export function vaultOrigin(port: number): string {
  return `https://localhost:${port}`;
}

/** The id of a secret's resource, which is also the scope of roles on it. */
export function secretId(vaultId: string, name: string): string {
  return `${vaultId}/secrets/${name}`;
}
