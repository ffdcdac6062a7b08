import { contains, type DataScope } from "../../rbac/cosmos/scope.ts";
import { formatGrantScope } from "../settings/reading/grant-scope.ts";
import type { GrantSettings } from "../settings/settings.ts";

/**
 * Where a role must be assignable for the grants that use it, and nowhere else.
 *
 * @returns the fewest scopes that hold all of theirs, in an order that does not depend on that of the grants; none for
 * a role that nobody holds.
 */
export function assignableScopes(role: string, grants: readonly GrantSettings[]): DataScope[] {
  const used = new Map(
    grants.filter((grant) => grant.role === role).map(({ scope }) => [formatGrantScope(scope), scope]),
  );
  return [...used]
    .filter(([name, scope]) => ![...used].some(([other, wider]) => other !== name && contains(wider, scope)))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, scope]) => scope);
}
