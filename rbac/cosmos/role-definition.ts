import { actionsMatching, allDataActions, containerWildcard, itemWildcard } from "./data-actions.ts";
import { contains, type DataScope } from "./scope.ts";

/** Limits of one account (https://learn.microsoft.com/azure/cosmos-db/concepts-limits). */
export const maximumRoleDefinitions = 100;
export const maximumRoleAssignments = 2_000;

export interface RoleDefinition {
  /** GUID. */
  readonly id: string;
  readonly name: string;
  /** Full names and wildcards. */
  readonly dataActions: readonly string[];
  readonly assignableScopes: readonly DataScope[];
}

export interface RoleAssignment {
  /** GUID. */
  readonly id: string;
  /** Object id of a service principal, user, group or managed identity. */
  readonly principalId: string;
  /** GUID of the role definition. */
  readonly roleDefinitionId: string;
  readonly scope: DataScope;
}

/**
 * What is wrong with the data actions of a custom role, a sentence each; empty when they are good.
 *
 * @param entries full action names or the two wildcards.
 */
export function dataActionFaults(entries: readonly string[]): string[] {
  if (entries.length === 0) return ["A role definition needs at least one data action."];
  return entries.flatMap((entry) => {
    if (actionsMatching(entry).length > 0) return [];
    return entry.includes("*")
      ? [`"${entry}" is not a wildcard that roles may hold: use ${containerWildcard} or ${itemWildcard}.`]
      : [`"${entry}" is not a data action. Known: ${allDataActions.join(", ")}.`];
  });
}

/** Tells whether an assignment of a role on `scope` lies within one of the role's assignable scopes, as it must. */
export function isAssignableOn(role: Pick<RoleDefinition, "assignableScopes">, scope: DataScope): boolean {
  return role.assignableScopes.some((assignable) => contains(assignable, scope));
}
