import { DataPlaneAuthorizer } from "../../../rbac/cosmos/authorizer.ts";
import { actionsMatching, type DataAction } from "../../../rbac/cosmos/data-actions.ts";
import { contains } from "../../../rbac/cosmos/scope.ts";
import { broken, type Check, holds, notSeen, skipped } from "../check.ts";
import { type Facts, groupsInToken } from "../facts/facts.ts";
import type { LiveAssignment, LiveRoles } from "../facts/roles.ts";
import { actionsOf, formatTarget, isManagement } from "../question.ts";

const lackOfAction = 5301;

/** A data-plane role assignment of the principal, or of a group it is in, covers the action and the scope. */
export function judgeGrant(facts: Facts): Check {
  const { question, roles } = facts;
  if (isManagement(question.operation)) return skipped("no grant allows this operation");
  const id = facts.objectId;
  if (id === undefined) return skipped("the principal is not known");
  if (!roles.seen) {
    const lacks = facts.attempt.seen && facts.attempt.value.substatus === lackOfAction;
    return lacks ? judgeWithout(facts, id, "the data plane says that it lacks the action") : notSeen(roles);
  }
  const { allowed, covering } = coveringAssignments(facts, roles.value);
  if (allowed) return holds(covering.map((assignment) => described(assignment, roles.value, id)).join(", "));
  const own = roles.value.assignments.filter(({ principalId }) =>
    principalIds(facts, id).includes(principalId),
  );
  if (own.length === 0)
    return judgeWithout(facts, id, "the account has no role assignment of it or its groups");
  return judgeOwn(facts, roles.value, own, id);
}

/** Which assignments allow all that the operation needs; several, where the actions come from different roles. */
export function coveringAssignments(
  facts: Facts,
  { definitions, assignments }: LiveRoles,
): { readonly allowed: boolean; readonly covering: readonly LiveAssignment[] } {
  const id = facts.objectId;
  const { operation, target } = facts.question;
  if (id === undefined || isManagement(operation)) return { allowed: false, covering: [] };
  const authorizer = new DataPlaneAuthorizer(definitions, assignments);
  const ids = principalIds(facts, id);
  const decisions = actionsOf(operation).map((action) =>
    // Any right to read metadata opens the account's own description.
    operation === "readAccount"
      ? authorizer.decideAnywhere(ids, action)
      : authorizer.decide(ids, action, target),
  );
  const chosen = new Set(decisions.flatMap((decision) => (decision.allowed ? [decision.assignmentId] : [])));
  return {
    allowed: decisions.every((decision) => decision.allowed),
    covering: assignments.filter((assignment) => chosen.has(assignment.id)),
  };
}

function principalIds(facts: Facts, id: string): readonly string[] {
  const known = facts.groups.seen ? facts.groups.value.map((group) => group.toLowerCase()) : [];
  return [...new Set([id, ...known, ...groupsInToken(facts)])];
}

/** Assignments there are, but none covers the question: the scope is wrong, or the role. */
function judgeOwn(facts: Facts, roles: LiveRoles, own: readonly LiveAssignment[], id: string): Check {
  const { operation, target } = facts.question;
  const needed = isManagement(operation) ? [] : actionsOf(operation);
  const holdsAll = own.filter((assignment) => {
    const actions = actionsIn(assignment, roles);
    return needed.every((action) => actions.has(action));
  });
  const elsewhere = holdsAll.filter(({ scope }) => !contains(scope, target));
  const shown = (list: readonly LiveAssignment[]) =>
    list.map((assignment) => described(assignment, roles, id)).join(", ");
  if (elsewhere.length > 0) {
    return broken(
      "KC-DOCTOR-WRONG-SCOPE",
      `the grants that allow ${operation} reach elsewhere, not ${formatTarget(target)}: ${shown(elsewhere)}`,
      `declare a grant on ${formatTarget(target)}; scopes of databases and containers compare with case`,
    );
  }
  const held = new Set(
    own
      .filter(({ scope }) => contains(scope, target))
      .flatMap((assignment) => [...actionsIn(assignment, roles)]),
  );
  const missing = needed.filter((action) => !held.has(action));
  return broken(
    "KC-DOCTOR-MISSING-ACTION",
    `no grant on ${formatTarget(target)} holds ${missing.join(" and ")}, which ${operation} needs: ${shown(own)}`,
    "grant a role with the action; every SDK needs readMetadata as well",
  );
}

function judgeWithout(facts: Facts, id: string, why: string): Check {
  const { principal, roles, controlPlane, question } = facts;
  const applicationId = principal.seen ? principal.value?.applicationId?.toLowerCase() : undefined;
  const toApplication =
    roles.seen && roles.value.assignments.some(({ principalId }) => principalId === applicationId);
  if (toApplication) {
    return broken(
      "KC-DOCTOR-APPLICATION-OBJECT",
      `the account's role assignment names the app registration ${applicationId}, which no token is of`,
      `assign the role to the service principal: ${id}`,
    );
  }
  if (controlPlane.seen && controlPlane.value.length > 0) {
    const rights = controlPlane.value.map(({ role, scope }) => `${role} on ${scope}`).join(", ");
    return broken(
      "KC-DOCTOR-CONTROL-PLANE-ROLE",
      `${why}; what it holds are control-plane roles, which open no data: ${rights}`,
      `declare a grant on ${formatTarget(question.target)} with a data-plane role (reader, contributor or your own)`,
    );
  }
  return broken(
    "KC-DOCTOR-NO-GRANT",
    why,
    `declare a grant for ${id} on ${formatTarget(question.target)} and run \`pulumi up\``,
  );
}

function actionsIn(assignment: LiveAssignment, { definitions }: LiveRoles): ReadonlySet<DataAction> {
  const role = definitionOf(assignment, definitions);
  return new Set((role?.dataActions ?? []).flatMap(actionsMatching));
}

function definitionOf({ roleDefinitionId }: LiveAssignment, definitions: LiveRoles["definitions"]) {
  return definitions.find(({ id }) => id.toLowerCase() === roleDefinitionId.toLowerCase());
}

/** For example `Cosmos DB Built-in Data Reader on orders/orders (assignment …, through the group …)`. */
function described(assignment: LiveAssignment, { definitions }: LiveRoles, id: string): string {
  const role = definitionOf(assignment, definitions)?.name ?? "a role that is gone";
  const through = assignment.principalId === id ? "" : `, through the group ${assignment.principalId}`;
  return `${role} on ${formatTarget(assignment.scope)} (assignment ${assignment.id}${through})`;
}
