import { scopeContains } from "../../../rbac/azure/scope.ts";
import type { ArmResource } from "../resource-store.ts";
import { unsupportedFilter } from "./role-definitions.ts";

export interface AssignmentSelection {
  readonly assignments: readonly ArmResource[];
  readonly scope: string;
  readonly filter: string | null;
  groupsOf(principalId: string): readonly string[];
}

/**
 * The assignments that a list at `scope` shows: those at it, above it and below it. `atScope()` leaves out those below,
 * `principalId eq` keeps one principal's, `assignedTo()` also those of its groups
 * (https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest).
 *
 * @throws ArmError 400 UnsupportedQueryString for any other filter.
 */
export function selectAssignments(selection: AssignmentSelection): readonly ArmResource[] {
  const { assignments, scope } = selection;
  const { atScope, principalIds } = readFilter(selection);
  return assignments.filter(({ properties }) => {
    const own = String(properties.scope);
    const inReach = scopeContains(own, scope) || (!atScope && scopeContains(scope, own));
    return inReach && (principalIds === undefined || principalIds.has(String(properties.principalId)));
  });
}

const term =
  /^\s*(?:(atScope)\(\)|principalId\s+eq\s+'?([0-9a-f-]{36})'?|assignedTo\('([0-9a-f-]{36})'\))\s*$/i;

function readFilter({ filter, groupsOf }: AssignmentSelection): {
  readonly atScope: boolean;
  readonly principalIds: ReadonlySet<string> | undefined;
} {
  let atScope = false;
  let principalIds: Set<string> | undefined;
  for (const part of filter?.trim() ? filter.split(/\s+and\s+/i) : []) {
    const match = term.exec(part);
    if (match === null) {
      throw unsupportedFilter(filter ?? "", "atScope(), principalId eq '{id}' and assignedTo('{id}')");
    }
    const [, here, principal, assignee] = match;
    if (here !== undefined) atScope = true;
    if (principal !== undefined) principalIds = new Set([principal.toLowerCase()]);
    if (assignee !== undefined) {
      principalIds = new Set([assignee.toLowerCase(), ...groupsOf(assignee.toLowerCase())]);
    }
  }
  return { atScope, principalIds };
}
