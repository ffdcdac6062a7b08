import { z } from "zod";
import { builtInRoles } from "../../../../rbac/cosmos/built-in-roles.ts";
import { dataActionFaults, maximumRoleDefinitions } from "../../../../rbac/cosmos/role-definition.ts";
import { formatDataScope } from "../../../../rbac/cosmos/scope.ts";
import { readModel } from "../../../arm/read-model.ts";
import { resourceBody } from "../../../arm/resource-body.ts";
import type { ArmAnswer, ArmCall, ServiceTypeRow } from "../../../arm/resource-provider.ts";
import type { ArmResource } from "../../../arm/resource-store.ts";
import { badRequest, notFound } from "../errors.ts";
import type { CosmosServices } from "../services.ts";
import { ownerAccount } from "../sql/rules.ts";
import {
  accountPath,
  cosmosApiVersions,
  guidPattern,
  roleAssignmentType,
  roleDefinitionType,
} from "../types.ts";
import { readScope } from "./scope.ts";
import { beginRoleWrite } from "./write.ts";

const ignored = z.unknown().optional();

const definitionSchema = z.object({
  properties: z.strictObject({
    roleName: z.string().min(1).max(512),
    type: z.enum(["CustomRole", "BuiltInRole"]).default("CustomRole"),
    assignableScopes: z.array(z.string()).min(1),
    permissions: z
      .array(
        z.strictObject({
          id: ignored,
          dataActions: z.array(z.string()).default([]),
          notDataActions: z.tuple([], "is not supported by Azure Cosmos DB").nullish(),
        }),
      )
      .min(1),
  }),
});

/** `databaseAccounts/sqlRoleDefinitions`: data-plane roles, those that every account has among them. */
export const sqlRoleDefinitions: ServiceTypeRow<CosmosServices> = {
  type: roleDefinitionType,
  path: `${accountPath}/sqlRoleDefinitions/{roleDefinitionId}`,
  apiVersions: cosmosApiVersions,
  get: (call, services) => ({ status: 200, body: requireDefinition(call, guidOf(call), services) }),
  list: (call, services) => {
    const account = ownerAccount(call.id);
    const custom = services.resources.list(roleDefinitionType, account).map(resourceBody);
    return { status: 200, body: { value: [...builtInDefinitions(account), ...custom] } };
  },
  put: putDefinition,
  delete: deleteDefinition,
};

interface DefinitionBody {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function guidOf(call: ArmCall): string {
  return (call.parameters.roleDefinitionId ?? "").toLowerCase();
}

function builtInDefinitions(account: string): readonly DefinitionBody[] {
  return Object.values(builtInRoles).map(({ id, name, dataActions }) => ({
    id: `${account}/sqlRoleDefinitions/${id}`,
    type: roleDefinitionType,
    name: id,
    properties: {
      roleName: name,
      type: "BuiltInRole",
      assignableScopes: [account],
      permissions: [{ dataActions, notDataActions: [] }],
    },
  }));
}

/** A role definition of the account of `call`, by GUID. @throws ArmError 404 NotFound. */
export function requireDefinition(
  call: ArmCall,
  guid: string,
  { resources }: CosmosServices,
): DefinitionBody {
  const account = resources.get(ownerAccount(call.id))?.id ?? ownerAccount(call.id);
  const builtIn = builtInDefinitions(account).find(({ name }) => name === guid);
  if (builtIn !== undefined) return builtIn;
  const custom = resources.get(`${account}/sqlRoleDefinitions/${guid}`);
  if (custom === undefined) {
    throw notFound(call, `Unable to find a SQL Role Definition with ID [${guid}].`);
  }
  return resourceBody(custom);
}

function putDefinition(call: ArmCall, services: CosmosServices): ArmAnswer {
  const guid = guidOf(call);
  if (!guidPattern.test(guid)) throw badRequest(call, `The Role Definition ID [${guid}] is not a GUID.`);
  const { properties } = readModel(definitionSchema, call.body);
  if (isBuiltIn(guid) || properties.type === "BuiltInRole") {
    throw badRequest(call, "Built-in Role Definitions can be neither created, changed nor deleted.");
  }
  const account = ownerAccount(call.id);
  const scopes = properties.assignableScopes.map((scope) =>
    readScope(call, "assignableScopes", scope, account),
  );
  const dataActions = properties.permissions.flatMap((permission) => permission.dataActions);
  const [fault] = dataActionFaults(dataActions);
  if (fault !== undefined) throw badRequest(call, fault);
  return beginRoleWrite(call, services, async () => {
    const { resources, platform } = services;
    checkRoom(call, guid, properties.roleName, services);
    const definition: ArmResource = {
      id: call.existing?.id ?? `${account}/sqlRoleDefinitions/${guid}`,
      name: guid,
      type: roleDefinitionType,
      properties: {
        roleName: properties.roleName,
        type: "CustomRole",
        assignableScopes: scopes.map((scope) => formatDataScope(scope, account)),
        permissions: properties.permissions.map((permission) => ({
          dataActions: permission.dataActions,
          notDataActions: [],
        })),
      },
      internal: {},
      etag: platform.ids.uuid(),
    };
    await resources.put(definition);
    return resourceBody(definition);
  });
}

function isBuiltIn(guid: string): boolean {
  return Object.values(builtInRoles).some(({ id }) => id === guid);
}

function checkRoom(call: ArmCall, guid: string, roleName: string, { resources }: CosmosServices): void {
  const others = resources
    .list(roleDefinitionType, ownerAccount(call.id))
    .filter(({ name }) => name !== guid);
  if (others.some(({ properties }) => properties.roleName === roleName)) {
    throw badRequest(call, `A SQL Role Definition with the name [${roleName}] exists already.`);
  }
  if (others.length >= maximumRoleDefinitions) {
    throw badRequest(
      call,
      `The account has ${maximumRoleDefinitions} SQL Role Definitions, which is the maximum.`,
    );
  }
}

function deleteDefinition(call: ArmCall, services: CosmosServices): ArmAnswer {
  const { existing } = call;
  if (isBuiltIn(guidOf(call))) {
    throw badRequest(call, "Built-in Role Definitions can be neither created, changed nor deleted.");
  }
  if (existing === undefined) return { status: 204 };
  return beginRoleWrite(call, services, async () => {
    const suffix = `/${existing.name}`;
    const assigned = services.resources
      .list(roleAssignmentType, ownerAccount(call.id))
      .filter(({ properties }) => String(properties.roleDefinitionId).toLowerCase().endsWith(suffix));
    if (assigned.length > 0) {
      throw badRequest(
        call,
        `The SQL Role Definition [${existing.name}] cannot be deleted: ${assigned.length} SQL Role Assignment(s) refer to it.`,
      );
    }
    await services.resources.delete(existing.id);
  });
}
