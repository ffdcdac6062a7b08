import { requireAssignment } from "./app-roles.ts";
import { decideScopes, type ScopeDecision } from "./consent.ts";
import type { DelegatedScope } from "./delegated-scope.ts";

/**
 * Decides whether a client may act for a person at a resource: what is asked must be consented, and the person assigned
 * wherever the client or the resource requires it.
 *
 * @returns the permissions that stand in `scp` of a token.
 * @throws TokenError 650053, 65001 by the scopes, 50105 by the assignment.
 */
export function decideDelegatedAccess(asked: DelegatedScope, decision: ScopeDecision): readonly string[] {
  const scopes = decideScopes(asked, decision);
  const { directory, client, user, resource } = decision;
  for (const application of [client, resource.servicePrincipal]) {
    requireAssignment(directory, user, application);
  }
  return scopes;
}
