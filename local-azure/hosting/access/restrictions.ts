import { BlockList, isIPv4, isIPv6 } from "node:net";

/** One rule of `ipSecurityRestrictions`, as it is kept: what applies to every address stands in the default action. */
export interface AccessRule {
  readonly name?: string;
  readonly description?: string;
  readonly action: "Allow" | "Deny";
  /** Lower ones are looked at first. */
  readonly priority: number;
  /** Up to eight CIDR ranges, with commas between. */
  readonly ipAddress: string;
  readonly tag: "Default";
}

export interface AccessRestrictions {
  /** Ordered by priority. */
  readonly rules: readonly AccessRule[];
  readonly defaultAction: "Allow" | "Deny";
}

/** The restrictions that a site's configuration keeps; without a default action any rule makes the rest denied. */
export function readRestrictions(rules: unknown, defaultAction: unknown): AccessRestrictions {
  const kept = (Array.isArray(rules) ? rules : []) as readonly AccessRule[];
  const implied = kept.length === 0 ? "Allow" : "Deny";
  return {
    rules: kept.toSorted((a, b) => a.priority - b.priority),
    defaultAction: defaultAction === "Allow" || defaultAction === "Deny" ? defaultAction : implied,
  };
}

/**
 * Whether a client at `address` may call: the first rule by priority that holds its address decides, else the default
 * action (https://learn.microsoft.com/azure/app-service/app-service-ip-restrictions).
 */
export function admits({ rules, defaultAction }: AccessRestrictions, address: string): boolean {
  const client = unmapped(address);
  const rule = rules.find(({ ipAddress }) => holds(ipAddress, client));
  return (rule?.action ?? defaultAction) === "Allow";
}

/** `127.0.0.1` of `::ffff:127.0.0.1`: how a socket of both families shows an IPv4 client. */
export function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

/** The ranges of `ipAddress` with their prefix lengths written out; undefined when one is not an address or range. */
export function normalizeRanges(ipAddress: string): string | undefined {
  const ranges = ipAddress.split(",").map((range) => normalizeRange(range.trim()));
  return ranges.length > 8 || ranges.includes(undefined) ? undefined : ranges.join(",");
}

function normalizeRange(range: string): string | undefined {
  const [address = "", prefix, ...rest] = range.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  if (bits === undefined || rest.length > 0) return undefined;
  if (prefix === undefined) return `${address}/${bits}`;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? `${address}/${Number(prefix)}` : undefined;
}

function holds(ranges: string, address: string): boolean {
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  return ranges.split(",").some((range) => {
    const [network = "", prefix] = range.split("/");
    if (isIPv4(network) !== (family === "ipv4")) return false;
    const list = new BlockList();
    list.addSubnet(network, Number(prefix), family);
    return list.check(address, family);
  });
}
