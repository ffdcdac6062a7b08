import {
  type ArmResource,
  type ResourceChange,
  type ResourceStore,
  resourceKey,
} from "../../arm/resource-store.ts";
import type { Platform } from "../../core/platform.ts";

const assignmentType = "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments";

/** The role assignments of an account as its data plane knows them at one moment. */
export interface KnownAssignments {
  readonly assignments: readonly ArmResource[];
  /** When it will know others, in milliseconds since the Unix epoch; undefined while nothing is on its way. */
  readonly changesAtMs: number | undefined;
}

/** What of resource manager's role assignments has reached the data plane. */
export interface GrantPropagation {
  /** To be told of every change of a role assignment, in order. */
  follow(change: ResourceChange): void;
  known(accountId: string): KnownAssignments;
  /** Forgets what is on its way to an account that was deleted. */
  forget(accountId: string): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS cosmos_grant_propagation (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  account_key TEXT NOT NULL,
  assignment_key TEXT NOT NULL,
  counts_from_ms INTEGER NOT NULL,
  before TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS cosmos_grant_propagation_by_account ON cosmos_grant_propagation (account_key, sequence);
`;

/** A change on its way: until it counts, the assignment stands as `before`, or not at all. */
interface Pending {
  readonly key: string;
  readonly countsFromMs: number;
  readonly before: ArmResource | undefined;
}

/**
 * Every change has reached the data plane at once, but for the fault `grant-propagation`: a change that is made while it
 * is on counts after its duration, through a restart, also when the fault is cleared meanwhile. That goes for removed
 * assignments as for written ones, as Azure says of its role assignments
 * (https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected).
 */
export function openGrantPropagation(
  { store, clock, faults }: Pick<Platform, "store" | "clock" | "faults">,
  resources: ResourceStore,
): GrantPropagation {
  store.addSchema(schema);
  const { database } = store;
  const insert = database.prepare(
    "INSERT INTO cosmos_grant_propagation (account_key, assignment_key, counts_from_ms, before) VALUES (?, ?, ?, ?)",
  );
  const select = database.prepare(
    "SELECT assignment_key, counts_from_ms, before FROM cosmos_grant_propagation WHERE account_key = ? ORDER BY sequence",
  );
  const removeOne = database.prepare("DELETE FROM cosmos_grant_propagation WHERE assignment_key = ?");
  const removeAll = database.prepare("DELETE FROM cosmos_grant_propagation WHERE account_key = ?");

  const pendingOf = (accountKey: string): Pending[] =>
    select.all(accountKey).map((row) => ({
      key: String(row.assignment_key),
      countsFromMs: Number(row.counts_from_ms),
      before: row.before === null ? undefined : (JSON.parse(String(row.before)) as ArmResource),
    }));

  return {
    follow(change) {
      const { before } = change;
      const { id } = change.kind === "put" ? change.after : change.before;
      if (change.kind === "put" && before !== undefined && saysTheSame(before, change.after)) return;
      const key = resourceKey(id);
      const accountKey = key.slice(0, key.lastIndexOf("/sqlroleassignments/"));
      const delaySeconds = faults.seconds("grant-propagation", accountKey);
      if (delaySeconds === 0) removeOne.run(key);
      else {
        const countsFrom = clock.nowMs() + Math.round(delaySeconds * 1000);
        insert.run(accountKey, key, countsFrom, before === undefined ? null : JSON.stringify(before));
      }
    },
    known(accountId) {
      const assignments = new Map(
        resources
          .list(assignmentType, accountId)
          .map((assignment) => [resourceKey(assignment.id), assignment]),
      );
      const pending = pendingOf(resourceKey(accountId));
      const now = clock.nowMs();
      let changesAtMs: number | undefined;
      for (const [key, changes] of Map.groupBy(pending, (change) => change.key)) {
        // What came before the last change that counts was overtaken by it.
        const arrived = changes.findLastIndex(({ countsFromMs }) => countsFromMs <= now);
        const underway = changes.slice(arrived + 1);
        const [next] = underway;
        if (next === undefined) {
          removeOne.run(key);
          continue;
        }
        if (next.before === undefined) assignments.delete(key);
        else assignments.set(key, next.before);
        changesAtMs = Math.min(changesAtMs ?? Infinity, ...underway.map(({ countsFromMs }) => countsFromMs));
      }
      return { assignments: [...assignments.values()], changesAtMs };
    },
    forget(accountId) {
      removeAll.run(resourceKey(accountId));
    },
  };
}

function saysTheSame(one: ArmResource, other: ArmResource): boolean {
  return ["principalId", "roleDefinitionId", "scope"].every(
    (name) => one.properties[name] === other.properties[name],
  );
}
