import { isIPv4, isIPv6 } from "node:net";
import type { Breach } from "../faults/breach.ts";

/**
 * Holds an entry of `allowedAddresses` against what App Service takes as an access rule: an IPv4 or IPv6 range in CIDR
 * form. A range of everything is refused too: it would undo the rule that everyone else is denied.
 */
export function addressRangeBreach(range: string): Breach | undefined {
  const [address = "", prefix, ...rest] = range.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  if (bits === undefined || rest.length > 0) {
    return { problem: `"${range}" is no address range`, fix: "write it in CIDR form, e.g. 203.0.113.0/24" };
  }
  if (prefix === undefined) {
    return {
      problem: `"${range}" lacks its prefix length`,
      fix: `for this one address write ${range}/${bits}`,
    };
  }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) {
    return { problem: `"/${prefix}" is no prefix length here`, fix: `use /1 to /${bits}` };
  }
  if (Number(prefix) === 0) {
    return { problem: `"${range}" admits everyone`, fix: "list the ranges that callers really come from" };
  }
  return undefined;
}
