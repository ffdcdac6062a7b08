import { addressList } from "../core/address-list.ts";

/** Why a vault's network settings refuse a caller: Key Vault's inner error codes. */
export type NetworkRefusal = "ForbiddenByConnection" | "ForbiddenByFirewall";

/** Decides by source address, as the vault's network settings say. */
export interface NetworkRules {
  /** Undefined when a request from `address` may pass. */
  refuses(address: string): NetworkRefusal | undefined;
}

interface NetworkAcls {
  readonly defaultAction?: string;
  readonly ipRules?: readonly { readonly value: string }[];
}

/**
 * Reads `publicNetworkAccess` and `networkAcls` of a vault's properties. Every caller here comes over the public endpoint,
 * so rules for virtual networks admit nobody, and no caller is one of Azure's trusted services
 * (https://learn.microsoft.com/azure/key-vault/general/network-security).
 */
export function readNetworkRules(properties: Readonly<Record<string, unknown>>): NetworkRules {
  if (properties.publicNetworkAccess === "Disabled") return { refuses: () => "ForbiddenByConnection" };
  const { defaultAction = "Allow", ipRules = [] } = (properties.networkAcls ?? {}) as NetworkAcls;
  if (defaultAction === "Allow") return { refuses: () => undefined };
  const admitted = addressList(ipRules.map(({ value }) => value));
  return { refuses: (address) => (admitted.holds(address) ? undefined : "ForbiddenByFirewall") };
}
