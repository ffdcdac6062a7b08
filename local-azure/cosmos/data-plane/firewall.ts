import { addressList } from "../../core/address-list.ts";

/** Decides by source address, as the account's network settings say. */
export interface Firewall {
  /** Why a request from `address` is blocked, or undefined when it may pass. */
  blocks(address: string): string | undefined;
}

/** Stands for all of Azure's own data centres; here every caller runs where the cloud runs. */
const withinAzure = "0.0.0.0";

/**
 * Reads `publicNetworkAccess`, `ipRules` and `isVirtualNetworkFilterEnabled` of an account's properties. A rule that
 * cannot be read admits nobody. A change counts at once; on Azure it may take 15 minutes.
 */
export function readFirewall(properties: Readonly<Record<string, unknown>>): Firewall {
  if (properties.publicNetworkAccess === "Disabled") return { blocks };
  const rules = ruleTexts(properties.ipRules);
  const closed = rules.length > 0 || properties.isVirtualNetworkFilterEnabled === true;
  if (!closed || rules.includes(withinAzure)) return { blocks: () => undefined };
  const allowed = addressList(rules);
  return {
    blocks(address) {
      return allowed.holds(address) ? undefined : blocks(address);
    },
  };
}

/** https://learn.microsoft.com/azure/cosmos-db/nosql/troubleshoot-forbidden: one text for every public address. */
function blocks(address: string): string {
  return `Request originated from IP ${address} through public internet. This is blocked by your Cosmos DB account firewall settings. More info: https://aka.ms/cosmosdb-tsg-forbidden`;
}

function ruleTexts(ipRules: unknown): string[] {
  if (!Array.isArray(ipRules)) return [];
  return (ipRules as { ipAddressOrRange?: unknown }[]).flatMap((rule) =>
    typeof rule.ipAddressOrRange === "string" ? [rule.ipAddressOrRange] : [],
  );
}
