import type { DirectoryObject } from "../../entra/directory.ts";
import { isHeldToOwned } from "../access/authorize.ts";
import { answerCreated, answerList, answerOne, noContent } from "../answers.ts";
import type { GraphAnswer, GraphCall } from "../call.ts";
import { readKeyCredentials, withKeys } from "../credentials/keys.ts";
import { newPasswords, requireNoPasswords } from "../credentials/passwords.ts";
import { representKey, representPassword } from "../credentials/representation.ts";
import { badRequest, notFound } from "../graph-error.ts";
import { addressed, repeatedKeys } from "../objects.ts";
import { isObject, merge, type Properties, readProperties } from "../properties.ts";
import { addFirstOwners } from "../relations/owners.ts";
import { represent } from "../representation.ts";
import { checkIdentifierUris } from "./identifier-uris.ts";
import { checkRedirectUris } from "./redirect-uris.ts";
import { checkRolesAndScopes, withEnabled } from "./roles-and-scopes.ts";
import { writableApplication } from "./writable.ts";

const context = "applications/$entity";

export function listApplications(call: GraphCall): GraphAnswer {
  const items = call.directory.list("application").map((object) => represent(object, call));
  return answerList(call, { context: "applications", type: "application", items });
}

export function readApplication(call: GraphCall): GraphAnswer {
  const object = addressed(call, "application");
  return answerOne(call, context, withKeys(call, object));
}

/**
 * Creates an application with its first secrets and owners.
 *
 * @throws GraphError 400, 404 for an owner that the directory does not have.
 */
export function createApplication(call: GraphCall): GraphAnswer {
  const { directory, platform, body } = call;
  const { displayName, ...given } = readProperties(body, writableApplication, "Application", [
    "passwordCredentials",
    "keyCredentials",
    "owners@odata.bind",
  ]);
  const name = requireName(displayName);
  const properties = merge({}, withEnabled(given));
  const secrets = newPasswords(body.passwordCredentials);
  return platform.store.transaction(() => {
    checkWritten(call, properties, properties);
    const { id } = directory.create({ type: "application", displayName: name, properties });
    directory.keyCredentials.replace(id, readKeyCredentials(body.keyCredentials ?? [], [], platform));
    addFirstOwners(call, id, isHeldToOwned(call.caller, "writeApplications"));
    const made = secrets.map((secret) => directory.passwords.add(id, secret));
    const created = directory.find(id);
    if (created === undefined) throw notFound(id);
    const shown = made.map((secret) => ({ ...representPassword(secret), secretText: secret.secretText }));
    return answerCreated(call, {
      context,
      location: `applications/${id}`,
      object: {
        ...represent(created, call),
        passwordCredentials: shown,
        keyCredentials: directory.keyCredentials.of(id).map((key) => representKey(key)),
      },
    });
  });
}

/** @throws GraphError 404 also for an application that has not reached this replica yet. */
export function updateApplication(call: GraphCall): GraphAnswer {
  const { directory, platform, body, replication } = call;
  return platform.store.transaction(() => {
    const before = addressed(call, "application");
    if (!replication.hasReached(before.createdDateTime)) throw notFound(before.id);
    requireNoPasswords(body);
    const changes = readProperties(body, writableApplication, "Application", [
      ...repeatedKeys(body, before),
      "keyCredentials",
    ]);
    const { displayName = before.displayName, ...given } = changes;
    const name = requireName(displayName);
    const properties = withEnabled(given);
    const after = merge(before.properties, properties);
    checkWritten(call, after, properties, before);
    if (body.keyCredentials !== undefined) {
      const keys = readKeyCredentials(
        body.keyCredentials ?? [],
        directory.keyCredentials.of(before.id),
        platform,
      );
      directory.keyCredentials.replace(before.id, keys);
    }
    directory.update(before.id, { displayName: name, properties: after });
    const principal = directory.findServicePrincipalByAppId(before.appId ?? "");
    if (principal !== undefined) directory.update(principal.id, { displayName: name });
    return noContent;
  });
}

/** Deletes softly, together with the service principal. */
export function deleteApplication(call: GraphCall): GraphAnswer {
  call.directory.delete(addressed(call, "application").id);
  return noContent;
}

function requireName(displayName: unknown): string {
  if (typeof displayName === "string" && displayName !== "") return displayName;
  throw badRequest("The property 'displayName' of the type 'Application' is required.");
}

const claimGroups = new Set(["None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"]);

function checkWritten(
  { directory, platform: { tenantId } }: GraphCall,
  after: Properties,
  changes: Properties,
  before?: DirectoryObject,
): void {
  checkIdentifierUris(changes.identifierUris, { directory, tenantId }, before);
  checkRedirectUris(changes);
  checkRolesAndScopes(before?.properties ?? {}, after);
  checkOptionalClaims(after);
  const { groupMembershipClaims: groups } = changes;
  if (typeof groups !== "string" || groups.split(",").every((name) => claimGroups.has(name.trim()))) return;
  throw badRequest(
    `The property 'groupMembershipClaims' of the type 'Application' must hold some of ${[...claimGroups].join(", ")}, separated by commas.`,
  );
}

function checkOptionalClaims({ optionalClaims }: Properties): void {
  const claims = Object.values(isObject(optionalClaims) ? optionalClaims : {}).flat();
  if (claims.every((claim) => isObject(claim) && typeof claim.name === "string" && claim.name !== "")) return;
  throw badRequest("Every optional claim must have a 'name'.");
}
