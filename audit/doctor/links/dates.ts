import { passedDates } from "../../passed-dates.ts";
import { type Check, holds, skipped } from "../check.ts";
import type { Facts } from "../facts/facts.ts";

/** Nothing of the principal's is past its review or the end of its migration; neither keeps it out. */
export function judgeDates(facts: Facts): Check {
  const { outputs, today, groups } = facts;
  if (outputs === undefined) return skipped("no stack was named, so no dates are known");
  const ids = [facts.objectId, ...(groups.seen ? groups.value.map((id) => id.toLowerCase()) : [])];
  const passed = passedDates(outputs, today).filter(({ principalId }) =>
    ids.includes(principalId.toLowerCase()),
  );
  return holds(
    passed.length === 0 ? "no review and no migration is overdue" : `${passed.length} passed`,
    passed.map(({ code, why, fix }) => ({ code, why, fix })),
  );
}
