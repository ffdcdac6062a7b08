import { z } from "zod";
import { builtInControlPlaneRoles } from "../../../rbac/azure/built-in-roles.ts";
import { scopeContains } from "../../../rbac/azure/scope.ts";
import { readModel } from "../read-model.ts";
import { resourceBody } from "../resource-body.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../resource-provider.ts";
import type { ArmResource } from "../resource-store.ts";
import { authorizationApiVersions } from "./api-versions.ts";
import type { AuthorizationServices } from "./services.ts";
import { guidPattern, roleAssignmentType, roleDefinitionType } from "./types.ts";

const definitionSchema = z.object({
  properties: z.object({
    roleName: z.string().min(1).max(512),
    description: z.string().max(1024).nullish(),
    type: z.string().nullish(),
    assignableScopes: z.array(z.string().startsWith("/")).min(1).optional(),
    permissions: z
      .array(
        z.object({
          actions: z.array(z.string().min(1)).default([]),
          notActions: z.array(z.string().min(1)).default([]),
          dataActions: z.array(z.string().min(1)).default([]),
          notDataActions: z.array(z.string().min(1)).default([]),
        }),
      )
      .min(1),
  }),
});

/** Role definitions, built-in and custom, at any scope. */
export const roleDefinitions: ServiceTypeRow<AuthorizationServices> = {
  type: roleDefinitionType,
  path: "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
  apiVersions: authorizationApiVersions,
  get: (call, services) => {
    const definition = findRoleDefinition(call.parameters.roleDefinitionId ?? "", services);
    if (definition === undefined) throw notFound(call.parameters.roleDefinitionId ?? "");
    return { status: 200, body: definition };
  },
  list: listDefinitions,
  put: putDefinition,
  delete: deleteDefinition,
};

interface DefinitionBody {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A role definition as resource manager shows it, by its GUID. */
export function findRoleDefinition(
  guid: string,
  services: AuthorizationServices,
): DefinitionBody | undefined {
  const wanted = guid.toLowerCase();
  const builtIn = builtInDefinitions(services).find(({ name }) => name === wanted);
  if (builtIn !== undefined) return builtIn;
  const custom = services.resources.get(definitionId(wanted, services));
  return custom === undefined ? undefined : resourceBody(custom);
}

/** Azure shows a definition below the subscription, whatever scope it was written through. */
function definitionId(guid: string, { platform }: AuthorizationServices): string {
  return `/subscriptions/${platform.subscriptionId}/providers/${roleDefinitionType}/${guid}`;
}

function builtInDefinitions(services: AuthorizationServices): readonly DefinitionBody[] {
  return builtInControlPlaneRoles.map(({ id, name, description, actions, notActions, ...data }) => ({
    id: definitionId(id, services),
    type: roleDefinitionType,
    name: id,
    properties: {
      roleName: name,
      type: "BuiltInRole",
      description,
      assignableScopes: ["/"],
      permissions: [
        {
          actions,
          notActions,
          dataActions: data.dataActions ?? [],
          notDataActions: data.notDataActions ?? [],
        },
      ],
      createdOn: "2015-02-02T21:55:09.8806423Z",
      updatedOn: "2015-02-02T21:55:09.8806423Z",
      createdBy: null,
      updatedBy: null,
    },
  }));
}

function listDefinitions(call: ArmCall, services: AuthorizationServices): ArmAnswer {
  const matches = readFilter(call.query.get("$filter"));
  const scope = `/${call.parameters.scope ?? ""}`;
  const custom = services.resources.list(roleDefinitionType).filter(({ properties }) => {
    const scopes = properties.assignableScopes as readonly string[];
    return scopes.some((assignable) => scopeContains(assignable, scope) || scopeContains(scope, assignable));
  });
  const value = [...builtInDefinitions(services), ...custom.map(resourceBody)].filter(matches);
  return { status: 200, body: { value } };
}

const filterForm = /^\s*(?:atScopeAndBelow\(\)|(roleName|type)\s+eq\s+'((?:[^']|'')*)')\s*$/i;

function readFilter(filter: string | null): (definition: DefinitionBody) => boolean {
  if (filter === null || filter.trim() === "") return () => true;
  const tests = filter.split(/\s+and\s+/i).map((term) => {
    const match = filterForm.exec(term);
    if (match === null) throw unsupportedFilter(filter, "atScopeAndBelow(), roleName eq '…' and type eq '…'");
    const [, property, quoted = ""] = match;
    const wanted = quoted.replaceAll("''", "'").toLowerCase();
    return ({ properties }: DefinitionBody) =>
      property === undefined ||
      String(properties[property.toLowerCase() === "type" ? "type" : "roleName"]).toLowerCase() === wanted;
  });
  return (definition) => tests.every((test) => test(definition));
}

export function unsupportedFilter(filter: string, supported: string): ArmError {
  return new ArmError(
    400,
    "UnsupportedQueryString",
    `The filter '${filter.slice(0, 200)}' is not supported. Supported are ${supported}.`,
  );
}

async function putDefinition(call: ArmCall, services: AuthorizationServices): Promise<ArmAnswer> {
  const guid = (call.parameters.roleDefinitionId ?? "").toLowerCase();
  if (!guidPattern.test(guid)) throw badId(guid);
  const before = findRoleDefinition(guid, services);
  if (before?.properties.type === "BuiltInRole") throw builtInIsFixed(guid);
  const { properties } = readModel(definitionSchema, call.body);
  const unserved = properties.permissions
    .flatMap((permission) => [...permission.dataActions, ...permission.notDataActions])
    .find((dataAction) => !/^Microsoft\.KeyVault\//i.test(dataAction));
  if (unserved !== undefined) {
    throw new ArmError(
      400,
      "InvalidActionOrNotAction",
      `Of data actions in Azure roles this local cloud supports those of Microsoft.KeyVault only, not '${unserved}'. Cosmos DB's data actions belong in sqlRoleDefinitions of the account.`,
    );
  }
  const assignableScopes = properties.assignableScopes ?? [`/${call.parameters.scope ?? ""}`];
  requireOnEveryScope(call, "write", [...assignableScopes, ...scopesOf(before)], services);
  const sameName = services.resources
    .list(roleDefinitionType)
    .find(
      (other) =>
        other.name !== guid &&
        String(other.properties.roleName).toLowerCase() === properties.roleName.toLowerCase(),
    );
  if (sameName !== undefined) {
    throw new ArmError(
      409,
      "RoleDefinitionWithSameNameExists",
      `A custom role with the same name already exists in this directory. Use a different name: '${properties.roleName}'.`,
    );
  }
  const { platform, resources } = services;
  const now = platform.clock.now().toISOString();
  const id = definitionId(guid, services);
  const definition: ArmResource = {
    id,
    name: guid,
    type: roleDefinitionType,
    properties: {
      roleName: properties.roleName,
      type: "CustomRole",
      description: properties.description ?? "",
      assignableScopes,
      permissions: properties.permissions,
      createdOn: before?.properties.createdOn ?? now,
      updatedOn: now,
      createdBy: before?.properties.createdBy ?? call.principalId,
      updatedBy: call.principalId,
    },
    internal: {},
    etag: platform.ids.uuid(),
  };
  await resources.put(definition);
  return { status: 201, body: resourceBody(definition) };
}

async function deleteDefinition(call: ArmCall, services: AuthorizationServices): Promise<ArmAnswer> {
  const guid = (call.parameters.roleDefinitionId ?? "").toLowerCase();
  const definition = findRoleDefinition(guid, services);
  if (definition === undefined) return { status: 204 };
  if (definition.properties.type === "BuiltInRole") throw builtInIsFixed(guid);
  requireOnEveryScope(call, "delete", scopesOf(definition), services);
  const assigned = services.resources
    .list(roleAssignmentType)
    .some(({ properties }) => String(properties.roleDefinitionId).toLowerCase().endsWith(`/${guid}`));
  if (assigned) {
    throw new ArmError(
      400,
      "RoleDefinitionHasAssignments",
      "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).",
    );
  }
  await services.resources.delete(definition.id);
  return { status: 200, body: definition };
}

function scopesOf(definition: DefinitionBody | undefined): readonly string[] {
  return definition === undefined ? [] : (definition.properties.assignableScopes as readonly string[]);
}

/** Who changes a role changes it for every scope where it may be assigned, so the right is needed on all of them. */
function requireOnEveryScope(
  { id, principalId, groupIds }: ArmCall,
  verb: "write" | "delete",
  scopes: readonly string[],
  { authorizer, platform }: AuthorizationServices,
): void {
  const action = `${roleDefinitionType}/${verb}`;
  const denied = scopes.filter(
    (scope) =>
      !scopeContains(`/subscriptions/${platform.subscriptionId}`, scope) ||
      !authorizer.allows([principalId, ...groupIds], action, scope),
  );
  if (denied.length === 0) return;
  throw new ArmError(
    403,
    "LinkedAuthorizationFailed",
    `The client with object id '${principalId}' has permission to perform action '${action}' on scope '${id}'; however, it does not have permission to perform action '${action}' on the linked scope(s) '${denied.join(",")}' or the linked scope(s) are invalid.`,
  );
}

function notFound(guid: string): ArmError {
  return new ArmError(
    404,
    "RoleDefinitionDoesNotExist",
    `The specified role definition with ID '${guid}' does not exist.`,
  );
}

function badId(guid: string): ArmError {
  return new ArmError(
    400,
    "InvalidRoleDefinitionId",
    `The role definition ID '${guid}' is not valid. The role definition ID must be a GUID.`,
  );
}

function builtInIsFixed(guid: string): ArmError {
  return new ArmError(
    400,
    "RoleDefinitionUpdateNotPermitted",
    `The role definition '${guid}' is built in: it can be neither changed nor deleted.`,
  );
}
