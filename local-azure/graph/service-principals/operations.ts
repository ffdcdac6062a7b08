import { DirectoryError, type DirectoryObject } from "../../entra/directory.ts";
import { isHeldToOwned, owns } from "../access/authorize.ts";
import { answerCreated, answerList, answerOne, noContent } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { readKeyCredentials, withKeys } from "../credentials/keys.ts";
import { requireNoPasswords } from "../credentials/passwords.ts";
import { badRequest, denied } from "../graph-error.ts";
import { addressed, repeatedKeys } from "../objects.ts";
import { merge, readProperties, type Shape } from "../properties.ts";
import { addFirstOwners } from "../relations/owners.ts";
import { represent } from "../representation.ts";
import { requireNoManagedIdentity } from "./managed-identities.ts";
import { isMicrosofts } from "./published.ts";

const context = "servicePrincipals/$entity";

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal#properties */
const writable: Shape = {
  accountEnabled: "flag",
  alternativeNames: "texts",
  appRoleAssignmentRequired: "flag",
  description: { longest: 1024 },
  displayName: { longest: 256 },
  homepage: "text",
  loginUrl: "text",
  logoutUrl: "text",
  notes: { longest: 1024 },
  notificationEmailAddresses: "texts",
  preferredSingleSignOnMode: "unset",
  preferredTokenSigningKeyThumbprint: "unset",
  samlSingleSignOnSettings: { object: { relayState: "unset" } },
  tags: "texts",
};

export function listServicePrincipals(call: GraphCall): GraphAnswer {
  const items = call.directory.list("servicePrincipal").map((object) => represent(object, call));
  return answerList(call, { context: "servicePrincipals", type: "servicePrincipal", items });
}

export function readServicePrincipal(call: GraphCall): GraphAnswer {
  return answerOne(call, context, withKeys(call, addressed(call, "servicePrincipal")));
}

/** @throws GraphError 400 also for an application that has not reached this replica yet. */
export function createServicePrincipal(call: GraphCall): GraphAnswer {
  const { directory, platform, body, caller, replication } = call;
  const { appId } = body;
  if (typeof appId !== "string")
    throw badRequest("The property 'appId' of the type 'ServicePrincipal' is required.");
  const given = readProperties(body, writable, "ServicePrincipal", ["appId", "owners@odata.bind"]);
  const { accountEnabled, alternativeNames, displayName: _, ...properties } = given;
  return platform.store.transaction(() => {
    const application = directory.findApplicationByAppId(appId);
    if (application === undefined || !replication.hasReached(application.createdDateTime)) {
      throw noApplication(appId);
    }
    const isHeld = isHeldToOwned(caller, "writeApplications");
    if (isHeld && !owns(directory, caller, application)) throw denied();
    const created = refusing(appId, () =>
      directory.create({
        type: "servicePrincipal",
        appId,
        displayName: application.displayName,
        properties,
        ...(typeof accountEnabled === "boolean" ? { accountEnabled } : {}),
        ...(Array.isArray(alternativeNames) ? { alternativeNames } : {}),
      }),
    );
    addFirstOwners(call, created.id, isHeld);
    return answerCreated(call, {
      context,
      location: `servicePrincipals/${created.id}`,
      object: represent(created, call),
    });
  });
}

/** @throws GraphError 400, 403 for the keys and alternative names of a managed identity. */
export function updateServicePrincipal(call: GraphCall): GraphAnswer {
  const { directory, platform, body } = call;
  return platform.store.transaction(() => {
    const before = addressed(call, "servicePrincipal");
    requireNoPasswords(body);
    if (body.keyCredentials !== undefined || body.alternativeNames !== undefined) {
      requireNoManagedIdentity(before);
    }
    const given = readProperties(body, writable, "ServicePrincipal", [
      ...repeatedKeys(body, before),
      "keyCredentials",
    ]);
    const { accountEnabled, alternativeNames, displayName, ...properties } = given;
    if (body.keyCredentials !== undefined) {
      const kept = directory.keyCredentials.of(before.id);
      const keys = readKeyCredentials(body.keyCredentials ?? [], kept, platform);
      directory.keyCredentials.replace(before.id, keys);
    }
    directory.update(before.id, {
      ...(typeof accountEnabled === "boolean" ? { accountEnabled } : {}),
      ...(Array.isArray(alternativeNames) ? { alternativeNames } : {}),
      ...(typeof displayName === "string" && displayName !== "" ? { displayName } : {}),
      properties: merge(before.properties, properties),
    });
    return noContent;
  });
}

/** Deletes softly; the application stays. */
export function deleteServicePrincipal(call: GraphCall): GraphAnswer {
  const object = addressed(call, "servicePrincipal");
  if (object.servicePrincipalType === "ManagedIdentity") {
    throw badRequest("A managed identity is deleted with its resource, not through Graph.");
  }
  // Microsoft's own stand in every tenant. A program that takes one over tries to delete it in the end.
  if (isMicrosofts(object)) throw denied();
  call.directory.delete(object.id);
  return noContent;
}

/** The Pulumi plugin waits for the application when it reads this text. */
function noApplication(appId: string) {
  return badRequest(
    `The appId '${appId.slice(0, 50)}' of the service principal does not reference a valid application object.`,
  );
}

function refusing(appId: string, work: () => DirectoryObject): DirectoryObject {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    throw badRequest(
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
  }
}
