import { formatGrantScope } from "./reading/grant-scope.ts";
import { holdersOf, type Settings } from "./settings.ts";

/**
 * The day to reckon from: that of the settings, otherwise the real one.
 *
 * @returns `YYYY-MM-DD`, in UTC.
 */
export function currentDay({ today }: Pick<Settings, "today">): string {
  return today ?? new Date().toISOString().slice(0, "YYYY-MM-DD".length);
}

/**
 * What should have been done by now, a sentence each with what to do: grants to review, migrations to end. None of it
 * stops a deployment, as the one at hand may be urgent.
 *
 * @param today the current day, `YYYY-MM-DD`.
 */
export function reminders(settings: Settings, today: string): string[] {
  const reviews = holdersOf(settings).flatMap(({ name, grants }) =>
    grants
      .filter(({ reviewBy }) => reviewBy < today)
      .map(
        (grant) =>
          `${name} holds ${grant.role} on ${formatGrantScope(grant.scope)}, which was due for review on ${grant.reviewBy}: ` +
          `ask ${grant.owner} whether it is still needed, then set a new reviewBy or remove the grant.`,
      ),
  );
  const migrations = settings.workloads.flatMap((workload) =>
    workload.access === "clientSecret" && workload.migrationEnds < today
      ? [
          `${workload.name} still reaches Cosmos DB with a client secret, which was to end on ${workload.migrationEnds}: ` +
            "set its access to managedIdentity and remove migrationEnds, or agree on a new date.",
        ]
      : [],
  );
  return [...reviews, ...migrations];
}
