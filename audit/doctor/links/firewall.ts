import { BlockList, isIP, isIPv6 } from "node:net";
import { broken, type Check, holds, notSeen, skipped } from "../check.ts";
import type { Account } from "../facts/account.ts";
import type { Facts } from "../facts/facts.ts";

/**
 * What the data plane says when it refuses an address, there being no substatus for it
 * (https://learn.microsoft.com/azure/cosmos-db/nosql/troubleshoot-forbidden).
 */
const refusalText = /blocked by your Cosmos DB account firewall settings/i;
/** Stands for all of Azure's data centres, whose addresses are not listed anywhere in the account. */
const withinAzure = "0.0.0.0";

/** The account's firewall lets the principal's address through. */
export function judgeFirewall(facts: Facts): Check {
  const { account, question, actsAsPrincipal } = facts;
  if (question.address !== undefined) {
    if (!account.seen) return notSeen(account);
    return account.value === undefined
      ? skipped("there is no account")
      : judgeAddress(account.value, question.address);
  }
  const refusal = firewallRefusal(facts);
  if (actsAsPrincipal) {
    if (refusal !== undefined) {
      const isClosed = account.seen && account.value?.publicNetworkAccess === false;
      return isClosed ? closed(refusal) : notAdmitted(refusal);
    }
    return facts.endpointAnswer.seen && facts.endpointAnswer.value.outcome === "answered"
      ? holds("the account lets this address through")
      : skipped("the endpoint does not answer");
  }
  if (!account.seen) return notSeen(account);
  if (account.value === undefined) return skipped("there is no account");
  if (isOpen(account.value)) return holds("the account admits every address");
  const { publicNetworkAccess, addresses } = account.value;
  const admitted = publicNetworkAccess
    ? `admits ${addressesText(addresses) || "virtual networks alone"}`
    : "is closed to the public network";
  return skipped(`the account ${admitted}; --address <ip> says whether the principal may pass from there`);
}

/** What the data plane said when it refused this address; undefined where it let it through, or did not answer. */
export function firewallRefusal({ endpointAnswer, attempt }: Facts): string | undefined {
  const answers = [
    attempt.seen && attempt.value.code === 403 ? attempt.value.message : "",
    endpointAnswer.seen && endpointAnswer.value.outcome === "answered" && endpointAnswer.value.status === 403
      ? endpointAnswer.value.message
      : "",
  ];
  return answers.find((text) => refusalText.test(text));
}

function closed(why: string): Check {
  return broken(
    "KC-DOCTOR-PUBLIC-ACCESS",
    why,
    "call through the account's private endpoint, or set publicNetworkAccess to Enabled",
  );
}

function notAdmitted(why: string): Check {
  return broken(
    "KC-DOCTOR-FIREWALL",
    why,
    "add the address to the account's ipRules; a change takes some minutes on Azure",
  );
}

function judgeAddress(account: Account, address: string): Check {
  if (!account.publicNetworkAccess)
    return closed("public network access of the account is disabled: it admits private endpoints alone");
  if (isOpen(account)) return holds("the account admits every address");
  if (admits(account.addresses, address)) return holds(`the account admits ${address}`);
  const { addresses } = account;
  const admitted = addressesText(addresses) || "no address";
  if (addresses.includes(withinAzure)) {
    return skipped(`the account admits ${admitted}; whether ${address} is Azure's is not known here`);
  }
  return notAdmitted(`the account admits ${admitted}, not ${address}`);
}

function isOpen({ publicNetworkAccess, addresses, networkFilter }: Account): boolean {
  return publicNetworkAccess && addresses.length === 0 && !networkFilter;
}

function addressesText(addresses: readonly string[]): string {
  return addresses
    .map((address) => (address === withinAzure ? `Azure's data centres (${withinAzure})` : address))
    .join(", ");
}

/** A rule that cannot be read admits nobody. */
function admits(rules: readonly string[], address: string): boolean {
  const family = (text: string) => (isIPv6(text) ? "ipv6" : "ipv4");
  const list = new BlockList();
  for (const rule of rules) {
    const [first = "", prefix] = rule.split("/");
    if (isIP(first) === 0) continue;
    if (prefix === undefined) list.addAddress(first, family(first));
    else list.addSubnet(first, Number(prefix), family(first));
  }
  return list.check(address, family(address));
}
