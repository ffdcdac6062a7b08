import { z } from "zod";
import { isAssignableOn, maximumRoleAssignments } from "../../../../rbac/cosmos/role-definition.ts";
import { type DataScope, formatDataScope, parseDataScope } from "../../../../rbac/cosmos/scope.ts";
import { lastSegment } from "../../../arm/arm-id.ts";
import { readModel } from "../../../arm/read-model.ts";
import { resourceBody } from "../../../arm/resource-body.ts";
import type { ArmAnswer, ArmCall, ServiceTypeRow } from "../../../arm/resource-provider.ts";
import type { ArmResource } from "../../../arm/resource-store.ts";
import { findReplicated } from "../../../entra/replication.ts";
import { badRequest, notFound } from "../errors.ts";
import type { CosmosServices } from "../services.ts";
import { ownerAccount } from "../sql/rules.ts";
import { accountPath, cosmosApiVersions, guidPattern, roleAssignmentType } from "../types.ts";
import { requireDefinition } from "./definitions.ts";
import { readScope } from "./scope.ts";
import { beginRoleWrite } from "./write.ts";

const assignmentSchema = z.object({
  properties: z.strictObject({
    roleDefinitionId: z.string().min(1),
    scope: z.string().min(1),
    principalId: z.string().regex(guidPattern, "must be a GUID"),
    provisioningState: z.unknown().optional(),
  }),
});

/** `databaseAccounts/sqlRoleAssignments`: who has which data-plane role, and where. */
export const sqlRoleAssignments: ServiceTypeRow<CosmosServices> = {
  type: roleAssignmentType,
  path: `${accountPath}/sqlRoleAssignments/{roleAssignmentId}`,
  apiVersions: cosmosApiVersions,
  get: (call) => {
    if (call.existing === undefined) {
      throw notFound(call, `Unable to find a SQL Role Assignment with ID [${guidOf(call)}].`);
    }
    return { status: 200, body: resourceBody(call.existing) };
  },
  list: (call, { resources }) => ({
    status: 200,
    body: { value: resources.list(roleAssignmentType, ownerAccount(call.id)).map(resourceBody) },
  }),
  put: putAssignment,
  delete: (call, services) => {
    const { existing } = call;
    if (existing === undefined) return { status: 204 };
    return beginRoleWrite(call, services, () => services.resources.delete(existing.id));
  },
};

function guidOf(call: ArmCall): string {
  return (call.parameters.roleAssignmentId ?? "").toLowerCase();
}

function putAssignment(call: ArmCall, services: CosmosServices): ArmAnswer {
  const guid = guidOf(call);
  if (!guidPattern.test(guid)) throw badRequest(call, `The Role Assignment ID [${guid}] is not a GUID.`);
  const { properties } = readModel(assignmentSchema, call.body);
  const account = ownerAccount(call.id);
  const scope = readScope(call, "scope", properties.scope, account);
  const definitionGuid = readDefinitionId(call, properties.roleDefinitionId, account);
  const principalId = properties.principalId.toLowerCase();
  return beginRoleWrite(call, services, async () => {
    const { resources, platform } = services;
    const definition = requireDefinition(call, definitionGuid, services);
    checkAssignable(call, definition.properties.assignableScopes as readonly string[], scope, account);
    if (call.existing !== undefined) checkUnchanged(call, call.existing, principalId, scope, account);
    checkPrincipal(call, principalId, services);
    checkRoom(call, services);
    const now = platform.clock.now().toISOString();
    const assignment: ArmResource = {
      id: call.existing?.id ?? `${account}/sqlRoleAssignments/${guid}`,
      name: guid,
      type: roleAssignmentType,
      systemData: { createdAt: call.existing?.systemData?.createdAt ?? now, lastModifiedAt: now },
      properties: {
        roleDefinitionId: definition.id,
        scope: formatDataScope(scope, account),
        principalId,
      },
      internal: {},
      etag: platform.ids.uuid(),
    };
    await resources.put(assignment);
    return resourceBody(assignment);
  });
}

/** The GUID in a role definition's id: the full id of one of this account, or the GUID alone. */
function readDefinitionId(call: ArmCall, id: string, account: string): string {
  const guid = lastSegment(id).toLowerCase();
  const full = `${account}/sqlRoleDefinitions/${guid}`.toLowerCase();
  if (guidPattern.test(guid) && (id.toLowerCase() === guid || id.toLowerCase() === full)) return guid;
  throw badRequest(
    call,
    `The Role Definition ID [${id}] is not one of this account. Write ${account}/sqlRoleDefinitions/<GUID>.`,
  );
}

function checkAssignable(
  call: ArmCall,
  assignableScopes: readonly string[],
  scope: DataScope,
  account: string,
): void {
  const role = { assignableScopes: assignableScopes.map((outer) => parseDataScope(outer, account)) };
  if (isAssignableOn(role, scope)) return;
  throw badRequest(
    call,
    `The scope [${formatDataScope(scope, account)}] is not within the assignable scopes of the Role Definition: [${assignableScopes.join(", ")}].`,
  );
}

function checkUnchanged(
  call: ArmCall,
  { properties }: ArmResource,
  principalId: string,
  scope: DataScope,
  account: string,
): void {
  const changed =
    properties.principalId !== principalId
      ? "Principal ID"
      : properties.scope !== formatDataScope(scope, account)
        ? "Scope"
        : undefined;
  if (changed === undefined) return;
  throw badRequest(
    call,
    `Updating SQL Role Assignment ${changed} is not permitted. You may only update the associated Role Definition.`,
  );
}

function checkPrincipal(call: ArmCall, principalId: string, services: CosmosServices): void {
  const { platform } = services;
  const principal = findReplicated(principalId, services);
  if (principal === undefined) {
    throw badRequest(
      call,
      `The provided principal ID [${principalId}] was not found in the AAD tenant(s) [${platform.tenantId}] which are associated with the customer's subscription.`,
    );
  }
  if (principal.type === "application") {
    throw badRequest(
      call,
      `The provided principal ID [${principalId}] was found to be of an unsupported type : [Application]`,
    );
  }
}

function checkRoom(call: ArmCall, { resources }: CosmosServices): void {
  if (call.existing !== undefined) return;
  if (resources.list(roleAssignmentType, ownerAccount(call.id)).length < maximumRoleAssignments) return;
  throw badRequest(
    call,
    `The account has ${maximumRoleAssignments} SQL Role Assignments, which is the maximum.`,
  );
}
