import type { PermissionGrant } from "../../entra/directory/permission-grants.ts";
import { DirectoryError } from "../../entra/directory.ts";
import { answerCreated, answerList, answerOne, noContent } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { badRequest, GraphError, notFound } from "../graph-error.ts";
import { addressed } from "../objects.ts";
import { type Properties, readProperties, type Shape } from "../properties.ts";
import type { Subject } from "./member-of.ts";

const context = "oauth2PermissionGrants";
const type = "oAuth2PermissionGrant";

const writable: Shape = {
  clientId: "guid",
  consentType: { oneOf: ["AllPrincipals", "Principal"] },
  principalId: "guid",
  resourceId: "guid",
  scope: "text",
  startTime: "text",
  expiryTime: "text",
};

export function listGrants(call: GraphCall): GraphAnswer {
  return answerGrants(call, call.directory.permissionGrants.list());
}

/** The grants of one client, `servicePrincipals/{id}/oauth2PermissionGrants`. */
export function listGrantsOfClient(call: GraphCall): GraphAnswer {
  const { id } = addressed(call, "servicePrincipal");
  return answerGrants(call, call.directory.permissionGrants.ofClient(id));
}

/** The grants for one person alone, `users/{id}/oauth2PermissionGrants`. */
export function listGrantsForUser(subject: Subject) {
  return (call: GraphCall): GraphAnswer => {
    const { id } = subject(call);
    const grants = call.directory.permissionGrants.list().filter(({ principalId }) => principalId === id);
    return answerGrants(call, grants);
  };
}

export function readGrant(call: GraphCall): GraphAnswer {
  return answerOne(call, `${context}/$entity`, represent(grant(call)));
}

/**
 * Consents for all persons, or for one.
 *
 * @throws GraphError 404 for a client, resource or person that is not there or has not reached this replica yet; 409 for a
 * grant that is there already, which is to be changed instead.
 */
export function createGrant(call: GraphCall): GraphAnswer {
  const { directory, body } = call;
  const {
    clientId,
    consentType,
    principalId = null,
    resourceId,
    scope,
  } = readProperties(body, writable, "OAuth2PermissionGrant", ["id"]);
  if (typeof clientId !== "string" || typeof resourceId !== "string" || typeof scope !== "string") {
    throw badRequest("A permission grant needs 'clientId', 'consentType', 'resourceId' and 'scope'.");
  }
  if ((consentType === "Principal") !== (typeof principalId === "string")) {
    throw badRequest("A grant for one person has a 'principalId', a grant for all has none.");
  }
  requireObject(call, clientId, "servicePrincipal");
  requireObject(call, resourceId, "servicePrincipal");
  if (typeof principalId === "string") requireObject(call, principalId, "user");
  const made = refusing(() =>
    directory.permissionGrants.add({
      clientId,
      consentType: typeof principalId === "string" ? "Principal" : "AllPrincipals",
      principalId: typeof principalId === "string" ? principalId : null,
      resourceId,
      scope,
    }),
  );
  return answerCreated(call, {
    context: `${context}/$entity`,
    location: `${context}/${made.id}`,
    object: represent(made),
  });
}

/** Only the scopes of a grant can be changed. */
export function updateGrant(call: GraphCall): GraphAnswer {
  const { id } = grant(call);
  const { scope } = readProperties(call.body, { scope: "text" }, "OAuth2PermissionGrant", ["id"]);
  if (typeof scope === "string") call.directory.permissionGrants.update(id, { scope });
  return noContent;
}

export function deleteGrant(call: GraphCall): GraphAnswer {
  call.directory.permissionGrants.remove(grant(call).id);
  return noContent;
}

function grant({ directory, parameters }: GraphCall): PermissionGrant {
  const { id = "" } = parameters;
  const found = directory.permissionGrants.find(id);
  if (found === undefined) throw notFound(id);
  return found;
}

function requireObject(
  { directory, replication }: GraphCall,
  id: string,
  wanted: "servicePrincipal" | "user",
) {
  const found = directory.find(id);
  if (found?.type === wanted && replication.hasReached(found.createdDateTime)) return;
  throw notFound(id);
}

function answerGrants(call: GraphCall, grants: readonly PermissionGrant[]): GraphAnswer {
  return answerList(call, { context, type, items: grants.map(represent) });
}

function represent({
  id,
  clientId,
  consentType,
  principalId,
  resourceId,
  scope,
}: PermissionGrant): Properties {
  return { id, clientId, consentType, principalId, resourceId, scope };
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    throw new GraphError(409, "Request_MultipleObjectsWithSameKeyValue", error.message);
  }
}
