import { actionsMatching, allDataActions, type DataAction } from "./data-actions.ts";
import type { RoleAssignment, RoleDefinition } from "./role-definition.ts";
import { type DataScope, isDataScope } from "./scope.ts";

export type DataPlaneDecision =
  | { readonly allowed: true; readonly assignmentId: string }
  | { readonly allowed: false };

const refused: DataPlaneDecision = { allowed: false };
const actionNumber: ReadonlyMap<string, number> = new Map(
  allDataActions.map((action, index) => [action, index]),
);

/** For each action, by its number, the decision of the assignment that allows it. */
type Grants = (DataPlaneDecision | undefined)[];

interface DatabaseNode {
  readonly own: Grants;
  readonly containers: Map<string, Grants>;
}

interface PrincipalNode {
  readonly own: Grants;
  readonly databases: Map<string, DatabaseNode>;
}

/**
 * Decides data-plane requests from an account's role definitions and assignments.
 *
 * Both are compiled once into a tree by principal, database and container, so that a decision is three map look-ups
 * however many assignments there are. An assignment whose definition is missing grants nothing, nor does one on a
 * container that does not say its database.
 */
export class DataPlaneAuthorizer {
  readonly #principals = new Map<string, PrincipalNode>();
  readonly #anywhere = new Map<string, Grants>();

  constructor(definitions: Iterable<RoleDefinition>, assignments: Iterable<RoleAssignment>) {
    const actions = new Map<string, readonly DataAction[]>();
    for (const { id, dataActions } of definitions) {
      actions.set(id.toLowerCase(), [...new Set(dataActions.flatMap(actionsMatching))]);
    }
    for (const assignment of assignments) {
      this.#add(assignment, actions.get(assignment.roleDefinitionId.toLowerCase()) ?? []);
    }
  }

  /**
   * Decides whether one of `principalIds` may do `action` on `resource`.
   *
   * @param principalIds object id of the caller, then those of its groups.
   * @param resource what is asked for; the account itself is `{}`.
   */
  decide(principalIds: readonly string[], action: DataAction, resource: DataScope): DataPlaneDecision {
    const number = actionNumber.get(action);
    if (number === undefined || !isDataScope(resource)) return refused;
    for (const principalId of principalIds) {
      const principal = this.#principals.get(principalId) ?? this.#principals.get(principalId.toLowerCase());
      if (principal === undefined) continue;
      const byAccount = principal.own[number];
      if (byAccount !== undefined) return byAccount;
      if (resource.database === undefined) continue;
      const database = principal.databases.get(resource.database);
      if (database === undefined) continue;
      const byDatabase = database.own[number];
      if (byDatabase !== undefined) return byDatabase;
      if (resource.container === undefined) continue;
      const byContainer = database.containers.get(resource.container)?.[number];
      if (byContainer !== undefined) return byContainer;
    }
    return refused;
  }

  /**
   * Decides whether one of `principalIds` may do `action` on anything in the account. Reading the account's own
   * description needs readMetadata at some scope, not at the account's: SDKs start with it also where a principal may
   * reach a single container.
   */
  decideAnywhere(principalIds: readonly string[], action: DataAction): DataPlaneDecision {
    const number = actionNumber.get(action) ?? -1;
    for (const principalId of principalIds) {
      const decision = this.#anywhere.get(principalId.toLowerCase())?.[number];
      if (decision !== undefined) return decision;
    }
    return refused;
  }

  #add(assignment: RoleAssignment, actions: readonly DataAction[]): void {
    if (!isDataScope(assignment.scope)) return;
    const grants = this.#grantsAt(assignment.principalId.toLowerCase(), assignment.scope);
    const anywhere = child(this.#anywhere, assignment.principalId.toLowerCase(), () => []);
    const decision: DataPlaneDecision = { allowed: true, assignmentId: assignment.id };
    for (const action of actions) {
      const number = actionNumber.get(action) ?? -1;
      grants[number] ??= decision;
      anywhere[number] ??= decision;
    }
  }

  #grantsAt(principalId: string, scope: DataScope): Grants {
    const principal = child(this.#principals, principalId, () => ({ own: [], databases: new Map() }));
    if (scope.database === undefined) return principal.own;
    const database = child(principal.databases, scope.database, () => ({ own: [], containers: new Map() }));
    if (scope.container === undefined) return database.own;
    return child(database.containers, scope.container, () => []);
  }
}

function child<Value>(parent: Map<string, Value>, key: string, make: () => Value): Value {
  const existing = parent.get(key);
  if (existing !== undefined) return existing;
  const made = make();
  parent.set(key, made);
  return made;
}
