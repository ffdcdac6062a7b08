import type { AppRoleAssignment } from "../../entra/directory/app-role-assignments.ts";
import { DirectoryError, type DirectoryObject } from "../../entra/directory.ts";
import { answerCreated, answerList, answerOne, noContent } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest, notFound } from "../graph-error.ts";
import { addressed } from "../objects.ts";
import { type Properties, readProperties, type Shape } from "../properties.ts";
import { publishedBy } from "../service-principals/published.ts";

const writable: Shape = { appRoleId: "guid", principalId: "guid", resourceId: "guid" };
/** Assigns the application itself, where it declares no role. */
const noRole = "00000000-0000-0000-0000-000000000000";

/** Which end of the assignments the object in the path is. */
export type Side = "resource" | "principal";
export type PrincipalType = "servicePrincipal" | "user" | "group";

const relations = { resource: "appRoleAssignedTo", principal: "appRoleAssignments" } as const;
const collections = { servicePrincipal: "servicePrincipals", user: "users", group: "groups" } as const;

export function listAssignments(type: PrincipalType, side: Side) {
  return (call: GraphCall): GraphAnswer => {
    const items = assignmentsOf(call, addressed(call, type), side).map((found) => represent(call, found));
    return answerList(call, { context: contextOf(call, type, side), type: "appRoleAssignment", items });
  };
}

export function readAssignment(type: PrincipalType, side: Side) {
  return (call: GraphCall): GraphAnswer =>
    answerOne(call, `${contextOf(call, type, side)}/$entity`, represent(call, assignment(call, type, side)));
}

export function deleteAssignment(type: PrincipalType, side: Side) {
  return (call: GraphCall): GraphAnswer => {
    call.directory.appRoleAssignments.remove(assignment(call, type, side).id);
    return noContent;
  };
}

/**
 * Assigns a role of the application `resourceId` to `principalId`.
 *
 * @throws GraphError 400 `Not a valid reference update` for an object that is not there, or has not reached this replica
 * yet; 400 for a role that the application does not offer to principals of that type, and for one assigned already.
 */
export function createAssignment(type: PrincipalType, side: Side) {
  return (call: GraphCall): GraphAnswer => {
    const { directory, body } = call;
    const named = addressed(call, type);
    const { appRoleId, principalId, resourceId } = readProperties(body, writable, "AppRoleAssignment");
    if (typeof appRoleId !== "string" || typeof principalId !== "string" || typeof resourceId !== "string") {
      throw badRequest("An app role assignment needs 'appRoleId', 'principalId' and 'resourceId'.");
    }
    if (named.id !== (side === "resource" ? resourceId : principalId)) {
      throw badRequest(`The ${side}Id of the app role assignment is not the object of the request's path.`);
    }
    const [principal, resource] = [principalId, resourceId].map((id) => replicated(call, id));
    if (
      principal === undefined ||
      resource?.type !== "servicePrincipal" ||
      principal.type === "application"
    ) {
      throw badRequest("Not a valid reference update.");
    }
    requireRole(call, resource, principal, appRoleId);
    const made = refusing(() => directory.appRoleAssignments.add({ appRoleId, principalId, resourceId }));
    return answerCreated(call, {
      context: `${contextOf(call, type, side)}/$entity`,
      location: `${collections[type]}/${named.id}/${relations[side]}/${made.id}`,
      object: represent(call, made),
    });
  };
}

function replicated({ directory, replication }: GraphCall, id: string): DirectoryObject | undefined {
  const found = directory.find(id);
  return found !== undefined && replication.hasReached(found.createdDateTime) ? found : undefined;
}

function requireRole(
  { directory }: GraphCall,
  resource: DirectoryObject,
  principal: DirectoryObject,
  appRoleId: string,
): void {
  const { appRoles } = publishedBy(resource, directory);
  const member = principal.type === "servicePrincipal" ? "Application" : "User";
  const offered = appRoles
    .filter(({ isEnabled = true }) => isEnabled)
    .filter(({ allowedMemberTypes: types }) => Array.isArray(types) && types.includes(member));
  if (appRoleId === noRole ? offered.length === 0 : offered.some(({ id }) => id === appRoleId)) return;
  throw badRequest("Permission being assigned was not found on application");
}

function assignmentsOf({ directory }: GraphCall, { id }: DirectoryObject, side: Side) {
  const { appRoleAssignments } = directory;
  return side === "resource" ? appRoleAssignments.toResource(id) : appRoleAssignments.ofPrincipal(id);
}

function assignment(call: GraphCall, type: PrincipalType, side: Side): AppRoleAssignment {
  const { other = "" } = call.parameters;
  const found = assignmentsOf(call, addressed(call, type), side).find(({ id }) => id === other);
  if (found === undefined) throw notFound(other);
  return found;
}

function represent({ directory }: GraphCall, assigned: AppRoleAssignment): Properties {
  const { id, appRoleId, principalId, resourceId, createdDateTime } = assigned;
  const [principal, resource] = [principalId, resourceId].map((objectId) => directory.find(objectId));
  const type = principal?.type ?? "";
  return {
    id,
    deletedDateTime: null,
    appRoleId,
    createdDateTime,
    principalDisplayName: principal?.displayName ?? null,
    principalId,
    principalType: type.charAt(0).toUpperCase() + type.slice(1),
    resourceDisplayName: resource?.displayName ?? null,
    resourceId,
  };
}

function contextOf(call: GraphCall, type: PrincipalType, side: Side): string {
  return `${collections[type]}('${addressed(call, type).id}')/${relations[side]}`;
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof DirectoryError ? badRequest(error.message) : error;
  }
}
