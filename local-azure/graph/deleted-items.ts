import type { DeletedObject } from "../entra/directory/deleted-items.ts";
import { DirectoryError, type DirectoryObject } from "../entra/directory.ts";
import { answerList, answerOne, noContent, withType } from "./answers.ts";
import { checkIdentifierUris } from "./applications/identifier-uris.ts";
import type { GraphAnswer, GraphCall } from "./call.ts";
import { badRequest, GraphError, notFound } from "./graph-error.ts";

const types = ["application", "servicePrincipal", "group", "user"] as const;

/** `directory/deletedItems/microsoft.graph.<type>`. Groups and users are deleted for good, so theirs is empty. */
export function listDeletedItems(call: GraphCall): GraphAnswer {
  const { cast = "" } = call.parameters;
  const type = types.find((name) => cast === `microsoft.graph.${name}`);
  if (type === undefined) {
    throw new GraphError(400, "BadRequest", `Resource not found for the segment '${cast.slice(0, 100)}'.`);
  }
  const items = call.directory.deletedItems.list(type).map((object) => withType(object, call));
  return answerList(call, { context: `${type}s`, type, items });
}

export function readDeletedItem(call: GraphCall): GraphAnswer {
  return answerOne(call, "directoryObjects/$entity", withType(deleted(call), call));
}

/**
 * Brings an application back with its service principal, or a service principal alone.
 *
 * @throws GraphError 404; 400 when another object has taken its names since.
 */
export function restoreDeletedItem(call: GraphCall): GraphAnswer {
  const { directory, platform, base } = call;
  const { tenantId } = platform;
  return platform.store.transaction(() => {
    const item = deleted(call);
    const uris = item.type === "application" ? item.properties.identifierUris : [];
    checkIdentifierUris(uris, { directory, tenantId }, item);
    const restored = refusing(() => directory.deletedItems.restore(item.id));
    return {
      status: 200,
      body: { "@odata.context": `${base}/$metadata#directoryObjects/$entity`, ...withType(restored, call) },
    };
  });
}

export function deleteDeletedItem(call: GraphCall): GraphAnswer {
  call.directory.deletedItems.remove(deleted(call).id);
  return noContent;
}

function deleted({ directory, parameters }: GraphCall): DeletedObject {
  const { id = "" } = parameters;
  const found = directory.deletedItems.find(id);
  if (found === undefined) throw notFound(id);
  return found;
}

function refusing(work: () => DirectoryObject): DirectoryObject {
  try {
    return work();
  } catch (error) {
    throw error instanceof DirectoryError ? badRequest(error.message) : error;
  }
}
