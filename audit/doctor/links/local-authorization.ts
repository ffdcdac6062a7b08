import { broken, type Check, holds, notSeen, skipped } from "../check.ts";
import type { Facts } from "../facts/facts.ts";

/** Keys are refused, and nobody tries to use one. */
export function judgeLocalAuthorization({ account, presented }: Facts): Check {
  if (!account.seen) return notSeen(account);
  if (account.value === undefined) return skipped("there is no account");
  if (!account.value.localAuthDisabled) {
    return holds("on", [
      {
        code: "KC-DOCTOR-KEYS-OPEN",
        why: "local authorization is on: whoever holds a key of the account reaches all of it, whatever the grants say",
        fix: "set disableLocalAuth to true once nobody uses a key any more",
      },
    ]);
  }
  if (presented.seen && presented.value.kind === "key") {
    return broken(
      "KC-DOCTOR-KEY-REFUSED",
      "what was given is an account key, and local authorization is off: the data plane answers 401/5202",
      "use a token credential in place of the key or connection string",
    );
  }
  return holds("off: keys are refused");
}
