import type { StackOutputs } from "../infra/outputs/schema.ts";

/** A date of the settings that lies behind: nothing stops working by it, so somebody has to be told. */
export interface PassedDate {
  /** Its entry in docs/errors.md. */
  readonly code: "KC-REVIEW-OVERDUE" | "KC-MIGRATION-ENDED";
  /** The principal as the settings name it, and its object id. */
  readonly principal: string;
  readonly principalId: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly why: string;
  readonly fix: string;
}

/**
 * The review dates and ends of migrations that lie before a day, the longest passed first.
 *
 * @param today `YYYY-MM-DD`.
 */
export function passedDates(outputs: StackOutputs, today: string): PassedDate[] {
  const reviews = outputs.grants.map(
    ({ principal, principalId, role, scope, owner, reviewBy }): PassedDate => ({
      code: "KC-REVIEW-OVERDUE",
      principal,
      principalId,
      date: reviewBy,
      why: `the grant ${role} on ${scope} of ${principal} was to be reviewed by ${owner} until ${reviewBy}`,
      fix: "review it: take it away, or give it a new reviewBy",
    }),
  );
  const migrations = Object.entries(outputs.workloads).flatMap(([principal, { secret }]): PassedDate[] =>
    secret === undefined
      ? []
      : [
          {
            code: "KC-MIGRATION-ENDED",
            principal,
            principalId: secret.principalId,
            date: secret.migrationEnds,
            why: `the workload ${principal} was to do without a client secret from ${secret.migrationEnds} on`,
            fix: "set access: managedIdentity, or give it a new migrationEnds",
          },
        ],
  );
  return [...reviews, ...migrations]
    .filter(({ date }) => date < today)
    .sort((left, right) => left.date.localeCompare(right.date) || left.why.localeCompare(right.why));
}
