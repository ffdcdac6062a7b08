import {
  type Directory,
  DirectoryError,
  type DirectoryObject,
  type DirectoryObjectType,
} from "../entra/directory.ts";
import type { GraphAnswer, GraphCall, GraphOperation } from "./call.ts";
import { badRequest, notFound } from "./graph-error.ts";
import { addPassword, newPasswords, removePassword } from "./passwords.ts";
import {
  applicationProperties,
  merge,
  type Properties,
  readProperties,
  servicePrincipalProperties,
} from "./properties.ts";
import { readQuery, selectProperties } from "./query.ts";
import { identifierUris, odataType, represent } from "./representation.ts";

/** The collections that have routes of their own. */
type Collection = "applications" | "servicePrincipals";

const typeOf: Readonly<Record<Collection, DirectoryObjectType>> = {
  applications: "application",
  servicePrincipals: "servicePrincipal",
};

/** Every route, as the request log names it; `/beta` answers the reads alone. */
export const operations: Readonly<Record<string, GraphOperation>> = {
  "GET /:version/applications": list("applications"),
  "POST /:version/applications": createApplication,
  "GET /:version/applications/:id": read("applications"),
  "PATCH /:version/applications/:id": updateApplication,
  "DELETE /:version/applications/:id": remove("applications"),
  "POST /:version/applications/:id/addPassword": password("applications", addPassword),
  "POST /:version/applications/:id/removePassword": password("applications", removePassword),
  "GET /:version/servicePrincipals": list("servicePrincipals"),
  "POST /:version/servicePrincipals": createServicePrincipal,
  "GET /:version/servicePrincipals/:id": read("servicePrincipals"),
  "PATCH /:version/servicePrincipals/:id": updateServicePrincipal,
  "DELETE /:version/servicePrincipals/:id": remove("servicePrincipals"),
  "POST /:version/servicePrincipals/:id/addPassword": password("servicePrincipals", addPassword),
  "POST /:version/servicePrincipals/:id/removePassword": password("servicePrincipals", removePassword),
  "GET /:version/directoryObjects/:id": readDirectoryObject,
  "POST /:version/directoryObjects/getByIds": getByIds,
};

/** Operations that are a POST and change nothing. */
export const readsByPost: ReadonlySet<string> = new Set(["POST /:version/directoryObjects/getByIds"]);

function resolve({ directory, id }: GraphCall, type?: DirectoryObjectType): DirectoryObject {
  const appId = /^appId=(.*)$/i.exec(id)?.[1];
  const found =
    appId === undefined
      ? directory.find(id)
      : type === "application"
        ? directory.findApplicationByAppId(appId)
        : directory.findServicePrincipalByAppId(appId);
  if (found === undefined || (type !== undefined && found.type !== type)) throw notFound(appId ?? id);
  return found;
}

function entity(call: GraphCall, collection: string, object: DirectoryObject): Properties {
  const context = { "@odata.context": `${call.base}/$metadata#${collection}/$entity` };
  return { ...context, ...represent(object, call.directory) };
}

function list(collection: Collection): GraphOperation {
  return ({ directory, base, url }) => {
    const { matches, select, top, after } = readQuery(url.searchParams);
    const rest = directory
      .list(typeOf[collection])
      .filter(({ id }) => after === undefined || id > after)
      .map((object) => represent(object, directory))
      .filter(matches);
    const page = rest.slice(0, top);
    const next = new URL(`${base}/${collection}${url.search}`);
    next.searchParams.set("$skiptoken", Buffer.from(String(page.at(-1)?.id)).toString("base64url"));
    return {
      status: 200,
      body: {
        "@odata.context": `${base}/$metadata#${collection}`,
        ...(rest.length > page.length ? { "@odata.nextLink": next.href } : {}),
        value: page.map((object) => selectProperties(object, select)),
      },
    };
  };
}

function read(collection: Collection): GraphOperation {
  return (call) => {
    const { select } = readQuery(call.url.searchParams);
    const object = entity(call, collection, resolve(call, typeOf[collection]));
    return { status: 200, body: selectProperties(object, select) };
  };
}

function remove(collection: Collection): GraphOperation {
  return (call) => {
    const object = resolve(call, typeOf[collection]);
    if (object.servicePrincipalType === "ManagedIdentity") {
      throw badRequest("A managed identity is deleted with its resource, not through Graph.");
    }
    call.directory.delete(object.id);
    return { status: 204 };
  };
}

function password(
  collection: Collection,
  operation: (holder: DirectoryObject, call: GraphCall) => GraphAnswer,
): GraphOperation {
  return (call) => operation(resolve(call, typeOf[collection]), call);
}

function createApplication(call: GraphCall): GraphAnswer {
  const { directory, platform, body } = call;
  const { displayName, ...properties } = readProperties(body, applicationProperties, "Application", [
    "passwordCredentials",
  ]);
  if (typeof displayName !== "string")
    throw badRequest("The property 'displayName' of the type 'Application' is required.");
  const secrets = newPasswords(body.passwordCredentials);
  return platform.store.transaction(() => {
    requireFreeUris(directory, properties, undefined);
    const created = directory.create({ type: "application", displayName, properties });
    const shown = secrets.map((secret) => directory.passwords.add(created.id, secret));
    const answer = entity(call, "applications", created);
    return { status: 201, body: shown.length > 0 ? { ...answer, passwordCredentials: shown } : answer };
  });
}

function updateApplication(call: GraphCall): GraphAnswer {
  const { directory, platform } = call;
  return platform.store.transaction(() => {
    const before = resolve(call, "application");
    const changes = readProperties(call.body, applicationProperties, "Application", sameId(call, before));
    requireFreeUris(directory, changes, before.id);
    const { displayName = before.displayName, ...properties } = changes;
    directory.update(before.id, {
      displayName: String(displayName),
      properties: merge(before.properties, properties),
    });
    const principal = directory.findServicePrincipalByAppId(before.appId ?? "");
    if (principal !== undefined) directory.update(principal.id, { displayName: String(displayName) });
    return { status: 204 };
  });
}

function createServicePrincipal(call: GraphCall): GraphAnswer {
  const { directory, platform, body } = call;
  const { appId } = body;
  if (typeof appId !== "string")
    throw badRequest("The property 'appId' of the type 'ServicePrincipal' is required.");
  const given = readProperties(body, servicePrincipalProperties, "ServicePrincipal", ["appId"]);
  const { accountEnabled, alternativeNames, displayName, ...properties } = given;
  return platform.store.transaction(() => {
    const application = directory.findApplicationByAppId(appId);
    const created = refusing(appId, () =>
      directory.create({
        type: "servicePrincipal",
        appId,
        displayName: application?.displayName ?? String(displayName ?? ""),
        properties,
        ...(typeof accountEnabled === "boolean" ? { accountEnabled } : {}),
        ...(Array.isArray(alternativeNames) ? { alternativeNames } : {}),
      }),
    );
    return { status: 201, body: entity(call, "servicePrincipals", created) };
  });
}

function updateServicePrincipal(call: GraphCall): GraphAnswer {
  const { directory, platform } = call;
  return platform.store.transaction(() => {
    const before = resolve(call, "servicePrincipal");
    const given = readProperties(
      call.body,
      servicePrincipalProperties,
      "ServicePrincipal",
      sameId(call, before),
    );
    const { accountEnabled, alternativeNames, displayName, ...properties } = given;
    directory.update(before.id, {
      ...(typeof accountEnabled === "boolean" ? { accountEnabled } : {}),
      ...(Array.isArray(alternativeNames) ? { alternativeNames } : {}),
      ...(typeof displayName === "string" ? { displayName } : {}),
      properties: merge(before.properties, properties),
    });
    return { status: 204 };
  });
}

function readDirectoryObject(call: GraphCall): GraphAnswer {
  const { select } = readQuery(call.url.searchParams);
  const object = resolve(call);
  const body = { "@odata.type": odataType(object), ...entity(call, "directoryObjects", object) };
  return { status: 200, body: selectProperties(body, select) };
}

const mostIds = 1000;

function getByIds({ directory, base, body }: GraphCall): GraphAnswer {
  const { ids, types } = body;
  if (!Array.isArray(ids) || ids.length > mostIds || !ids.every((id) => typeof id === "string")) {
    throw badRequest(`The property 'ids' must be a list of at most ${mostIds} object ids.`);
  }
  const wanted = Array.isArray(types) ? types.map((type) => String(type).toLowerCase()) : [];
  const found = ids
    .flatMap((id) => directory.find(id) ?? [])
    .filter(({ type }) => wanted.length === 0 || wanted.includes(type.toLowerCase()));
  return {
    status: 200,
    body: {
      "@odata.context": `${base}/$metadata#directoryObjects`,
      value: found.map((object) => ({ "@odata.type": odataType(object), ...represent(object, directory) })),
    },
  };
}

/** A body may repeat the id of the object that it changes. */
function sameId({ body }: GraphCall, { id }: DirectoryObject): readonly string[] {
  return typeof body.id === "string" && body.id.toLowerCase() === id ? ["id"] : [];
}

function requireFreeUris(directory: Directory, properties: Properties, ownId: string | undefined): void {
  const wanted = properties.identifierUris;
  if (!Array.isArray(wanted) || wanted.length === 0) return;
  const taken = directory
    .list("application")
    .filter(({ id }) => id !== ownId)
    .flatMap(identifierUris);
  if (wanted.some((uri) => taken.includes(String(uri)))) {
    throw badRequest("Another object with the same value for property identifierUris already exists.");
  }
}

function refusing(appId: string, work: () => DirectoryObject): DirectoryObject {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    throw error.reason === "noApplication"
      ? badRequest(
          `The appId '${appId}' of the service principal does not reference a valid application object.`,
        )
      : badRequest(
          `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
        );
  }
}
