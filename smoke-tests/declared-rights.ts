import type { StackOutputs } from "../infra/outputs/schema.ts";
import { DataPlaneAuthorizer } from "../rbac/cosmos/authorizer.ts";
import type { DataAction } from "../rbac/cosmos/data-actions.ts";
import { type DataOperation, operationActions } from "../rbac/cosmos/operations.ts";
import { parseDataScope } from "../rbac/cosmos/scope.ts";

type Grant = StackOutputs["grants"][number];
type DeclaredContainer = StackOutputs["containers"][number];

/** What the stack's declared grants say of one principal and the groups it is in. */
export interface DeclaredRights {
  /** The grant that allows `operation` on a container; undefined when none does. */
  grantFor(operation: DataOperation, container: DeclaredContainer): Grant | undefined;
  /** Object ids: the principal's own, and those of the declared groups that it is in. */
  readonly principalIds: readonly string[];
}

/** Reads the rights of a principal out of the outputs, by the same rules that Cosmos DB decides with. */
export function declaredRights(outputs: StackOutputs, objectId: string): DeclaredRights {
  const principalIds = [objectId, ...groupsOf(outputs, objectId)].map((id) => id.toLowerCase());
  const grants = outputs.grants.filter(({ principalId }) => principalIds.includes(principalId.toLowerCase()));
  const authorizer = new DataPlaneAuthorizer(
    grants.map((grant) => ({
      id: grant.roleDefinitionId,
      name: grant.role,
      dataActions: grant.dataActions,
      assignableScopes: [{}],
    })),
    grants.map((grant) => ({
      id: grant.id,
      principalId: grant.principalId,
      roleDefinitionId: grant.roleDefinitionId,
      scope: parseDataScope(grant.resourceScope, outputs.account.id),
    })),
  );
  return {
    principalIds,
    grantFor(operation, container) {
      const actions: readonly DataAction[] = operationActions[operation];
      const resource = { database: container.database, container: container.name };
      const decisions = actions.map((action) => authorizer.decide(principalIds, action, resource));
      const [first] = decisions;
      if (first?.allowed !== true || decisions.some((decision) => !decision.allowed)) return undefined;
      return grants.find((grant) => grant.id === first.assignmentId);
    },
  };
}

/** Object ids of the declared groups that somebody is a declared member of. */
export function groupsOf({ groups }: StackOutputs, objectId: string): string[] {
  const wanted = objectId.toLowerCase();
  return Object.values(groups)
    .filter(({ members }) => members.some((member) => member.objectId.toLowerCase() === wanted))
    .map((group) => group.objectId);
}
