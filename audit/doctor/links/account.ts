import { broken, type Check, holds, notSeen } from "../check.ts";
import type { Facts } from "../facts/facts.ts";

/** The account exists in resource manager. */
export function judgeAccount({ account }: Facts): Check {
  if (!account.seen) return notSeen(account);
  if (account.value === undefined) {
    return broken(
      "KC-DOCTOR-ACCOUNT-MISSING",
      "resource manager has no such account",
      "check its id and subscription; `pulumi up --refresh` makes one that was deleted again",
    );
  }
  return holds(`${account.value.name} exists`);
}
