import { z } from "zod";
import { scopeContains } from "../../../rbac/azure/scope.ts";
import { findReplicated } from "../../entra/replication.ts";
import { lastSegment } from "../arm-id.ts";
import { readModel } from "../read-model.ts";
import { resourceBody } from "../resource-body.ts";
import { type ArmAnswer, type ArmCall, ArmError, type ServiceTypeRow } from "../resource-provider.ts";
import type { ArmResource } from "../resource-store.ts";
import { authorizationApiVersions } from "./api-versions.ts";
import { selectAssignments } from "./assignment-filter.ts";
import { findRoleDefinition } from "./role-definitions.ts";
import type { AuthorizationServices } from "./services.ts";
import { guidPattern, roleAssignmentType } from "./types.ts";

const principalTypes = { servicePrincipal: "ServicePrincipal", user: "User", group: "Group" } as const;
type PrincipalType = (typeof principalTypes)[keyof typeof principalTypes];

/** In any case, as Azure's enumerations are read. */
const principalTypeSchema = z
  .string()
  .transform((text) =>
    Object.values(principalTypes).find((type) => type.toLowerCase() === text.toLowerCase()),
  )
  .pipe(z.enum(principalTypes, `must be one of ${Object.values(principalTypes).join(", ")}`));

const assignmentSchema = z.object({
  properties: z.object({
    principalId: z.string().regex(guidPattern, "must be a GUID"),
    roleDefinitionId: z.string().min(1),
    principalType: principalTypeSchema.nullish(),
    description: z.string().nullish(),
    condition: z.string().nullish(),
    conditionVersion: z.string().nullish(),
    delegatedManagedIdentityResourceId: z.string().nullish(),
  }),
});

type AssignmentProperties = z.infer<typeof assignmentSchema>["properties"];

/** Role assignments at any scope. */
export const roleAssignments: ServiceTypeRow<AuthorizationServices> = {
  type: roleAssignmentType,
  path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
  apiVersions: authorizationApiVersions,
  get: ({ existing, parameters }) => {
    if (existing === undefined) throw notFound(parameters.roleAssignmentName ?? "");
    return { status: 200, body: resourceBody(existing) };
  },
  list: (call, { resources, directory }) => ({
    status: 200,
    body: {
      value: selectAssignments({
        assignments: resources.list(roleAssignmentType),
        scope: `/${call.parameters.scope ?? ""}`,
        filter: call.query.get("$filter"),
        groupsOf: (principalId) => directory.groupsOf(principalId),
      }).map(resourceBody),
    },
  }),
  put: putAssignment,
  delete: async ({ existing }, { resources }) => {
    if (existing === undefined) return { status: 204 };
    await resources.delete(existing.id);
    return { status: 200, body: resourceBody(existing) };
  },
};

async function putAssignment(call: ArmCall, services: AuthorizationServices): Promise<ArmAnswer> {
  const { platform, resources } = services;
  const name = (call.parameters.roleAssignmentName ?? "").toLowerCase();
  if (!guidPattern.test(name)) {
    throw new ArmError(
      400,
      "InvalidRoleAssignmentId",
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
  }
  const { properties } = readModel(assignmentSchema, call.body);
  refuseUnsupported(properties);
  const scope = `/${call.parameters.scope ?? ""}`;
  const principalId = properties.principalId.toLowerCase();
  const definition = findRoleDefinition(lastSegment(properties.roleDefinitionId), services);
  if (definition === undefined) throw definitionMissing(properties.roleDefinitionId);
  const assignable = definition.properties.assignableScopes as readonly string[];
  if (!assignable.some((outer) => scopeContains(outer, scope))) throw notAssignable(definition.name, scope);
  const before = call.existing;
  refuseUpdate(before, principalId, definition.id);
  const principalType = checkPrincipal(principalId, properties.principalType ?? undefined, services);
  refuseDuplicate({ name, principalId, definitionId: definition.id, scope }, services);
  const now = platform.clock.now().toISOString();
  const optional = { description: properties.description };
  const assignment: ArmResource = {
    id: before?.id ?? assignmentId(scope, name),
    name,
    type: roleAssignmentType,
    properties: {
      roleDefinitionId: definition.id,
      principalId,
      principalType,
      scope: before?.properties.scope ?? scope,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value)),
      condition: null,
      conditionVersion: null,
      createdOn: before?.properties.createdOn ?? now,
      updatedOn: now,
      createdBy: before?.properties.createdBy ?? call.principalId,
      updatedBy: call.principalId,
      delegatedManagedIdentityResourceId: null,
    },
    internal: {},
    etag: platform.ids.uuid(),
  };
  await resources.put(assignment);
  return { status: 201, body: resourceBody(assignment) };
}

/** The id of an assignment at `scope`. */
export function assignmentId(scope: string, name: string): string {
  return `${scope.replace(/\/+$/, "")}/providers/${roleAssignmentType}/${name}`;
}

function refuseUnsupported(properties: AssignmentProperties): void {
  const used = (["condition", "delegatedManagedIdentityResourceId"] as const).find(
    (name) => properties[name],
  );
  if (used === undefined) return;
  throw new ArmError(
    400,
    "BadRequest",
    `Role assignments with '${used}' are not supported by this local cloud.`,
  );
}

function refuseUpdate(before: ArmResource | undefined, principalId: string, definitionId: string): void {
  if (before === undefined) return;
  const { properties } = before;
  if (properties.principalId === principalId && properties.roleDefinitionId === definitionId) return;
  throw new ArmError(
    403,
    "RoleAssignmentUpdateNotPermitted",
    "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
  );
}

interface AssignmentKey {
  readonly name: string;
  readonly principalId: string;
  readonly definitionId: string;
  readonly scope: string;
}

function refuseDuplicate(wanted: AssignmentKey, { resources }: AuthorizationServices): void {
  const twin = resources
    .list(roleAssignmentType)
    .find(
      ({ name, properties }) =>
        name !== wanted.name &&
        properties.principalId === wanted.principalId &&
        properties.roleDefinitionId === wanted.definitionId &&
        String(properties.scope).toLowerCase() === wanted.scope.toLowerCase(),
    );
  if (twin === undefined) return;
  throw new ArmError(
    409,
    "RoleAssignmentExists",
    `The role assignment already exists. The ID of the existing role assignment is ${twin.name.replaceAll("-", "")}.`,
  );
}

/**
 * The type of a principal. One that is not there, or has not reached the replica that resource manager reads, is taken at
 * its word when the caller declares its type (https://aka.ms/docs-principaltype). An application is no principal: its
 * service principal is.
 */
function checkPrincipal(
  principalId: string,
  declared: PrincipalType | undefined,
  services: AuthorizationServices,
): PrincipalType {
  const object = findReplicated(principalId, services);
  if (object === undefined) {
    if (declared !== undefined) return declared;
    throw new ArmError(
      400,
      "PrincipalNotFound",
      `Principal ${principalId.replaceAll("-", "")} does not exist in the directory ${services.platform.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    );
  }
  if (object.type === "application") {
    throw new ArmError(
      400,
      "PrincipalTypeNotSupported",
      "Principals of type Application cannot validly be used in role assignments.",
    );
  }
  const actual = principalTypes[object.type];
  if (declared !== undefined && declared !== actual) {
    throw new ArmError(
      400,
      "UnmatchedPrincipalType",
      `The PrincipalId '${principalId.replaceAll("-", "")}' has type '${actual}' , which is different from specified PrinciaplType '${declared}'.`,
    );
  }
  return actual;
}

function definitionMissing(definitionId: string): ArmError {
  return new ArmError(
    400,
    "RoleDefinitionDoesNotExist",
    `The specified role definition with ID '${lastSegment(definitionId)}' does not exist.`,
  );
}

function notAssignable(name: string, scope: string): ArmError {
  return new ArmError(
    400,
    "RoleDefinitionNotAssignableAtScope",
    `The role definition '${name}' is not assignable at the scope '${scope}'.`,
  );
}

function notFound(name: string): ArmError {
  return new ArmError(404, "RoleAssignmentNotFound", `The role assignment '${name}' is not found.`);
}
