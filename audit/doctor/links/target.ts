import { broken, type Check, holds, notSeen, skipped } from "../check.ts";
import type { Facts } from "../facts/facts.ts";
import { formatTarget } from "../question.ts";

/** The database or container exists: a token can read it, never make it. */
export function judgeTarget({ question: { target }, store, attempt }: Facts): Check {
  const name = formatTarget(target);
  if (target.database === undefined) return skipped("the account itself is the target");
  const notThere = store.seen
    ? store.value === undefined
    : attempt.seen && !attempt.value.allowed && attempt.value.code === 404;
  if (notThere) {
    return broken(
      "KC-DOCTOR-TARGET-MISSING",
      `${name} does not exist in the account`,
      "declare it in the settings and run `pulumi up`; createIfNotExists cannot make it with a token",
    );
  }
  return store.seen ? holds(`${name} exists`) : notSeen(store);
}
