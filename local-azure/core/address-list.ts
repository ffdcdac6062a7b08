import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Addresses and CIDR ranges that a firewall admits. */
export interface AddressList {
  /** Loopback has two addresses; an entry for one of them holds both. */
  holds(address: string): boolean;
}

/** A list of `entries`: addresses or CIDR ranges of either family. An entry that cannot be read holds nothing. */
export function addressList(entries: readonly string[]): AddressList {
  const list = new BlockList();
  for (const entry of entries) if (isAddressOrRange(entry)) add(list, entry);
  return {
    holds(address) {
      if (list.check(address, address.includes(":") ? "ipv6" : "ipv4")) return true;
      if (address === "::1") return list.check("127.0.0.1", "ipv4");
      return address === "127.0.0.1" && list.check("::1", "ipv6");
    },
  };
}

/** Tells whether `text` is an IP address, or a range such as `10.0.0.0/8`. */
export function isAddressOrRange(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  if (bits === undefined || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

function add(list: BlockList, entry: string): void {
  const [address = "", prefix] = entry.split("/");
  const family = address.includes(":") ? "ipv6" : "ipv4";
  if (prefix === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(prefix), family);
}
