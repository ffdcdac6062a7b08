import type { StackOutputs } from "../infra/outputs/schema.ts";
import { DataPlaneAuthorizer } from "../rbac/cosmos/authorizer.ts";
import type { DataAction } from "../rbac/cosmos/data-actions.ts";
import { type DataOperation, operationActions } from "../rbac/cosmos/operations.ts";
import { parseDataScope } from "../rbac/cosmos/scope.ts";

type Grant = StackOutputs["grants"][number];
type DeclaredContainer = StackOutputs["containers"][number];

/** What the stack's declared grants say of one principal. */
export interface DeclaredRights {
  /** The grant that allows `operation` on a container; undefined when none does. */
  grantFor(operation: DataOperation, container: DeclaredContainer): Grant | undefined;
  readonly principalId: string;
}

/** Reads the rights of `principalId` out of the outputs, by the same rules that Cosmos DB decides with. */
export function declaredRights(outputs: StackOutputs, principalId: string): DeclaredRights {
  const grants = outputs.grants.filter(
    (grant) => grant.principalId.toLowerCase() === principalId.toLowerCase(),
  );
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
    principalId,
    grantFor(operation, container) {
      const actions: readonly DataAction[] = operationActions[operation];
      const resource = { database: container.database, container: container.name };
      const decisions = actions.map((action) => authorizer.decide([principalId], action, resource));
      const [first] = decisions;
      if (first?.allowed !== true || decisions.some((decision) => !decision.allowed)) return undefined;
      return grants.find((grant) => grant.id === first.assignmentId);
    },
  };
}
