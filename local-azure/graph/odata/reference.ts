import { badRequest } from "../graph-error.ts";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The object id that an `@odata.id` names: `<any host>/<any version>/directoryObjects/<id>`, or a collection with the id
 * in its key. Clients build it from the base that they know, so host and version say nothing.
 *
 * @throws GraphError 400 for anything else.
 */
export function readReference(value: unknown): string {
  const path = typeof value === "string" ? value.slice(0, 2048) : "";
  const last = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const id = /\('([^']*)'\)$/.exec(last)?.[1] ?? last;
  if (guid.test(id)) return id.toLowerCase();
  throw badRequest("Invalid entity reference: '@odata.id' must end in the id of a directory object.");
}

/** https://learn.microsoft.com/graph/api/group-post-groups: more go in with one request each. */
const mostBound = 20;

/**
 * The object ids of `<relation>@odata.bind` in a body; none when it is absent.
 *
 * @throws GraphError 400 for more than 20 and for one that names no object.
 */
export function readBound(body: Readonly<Record<string, unknown>>, relation: string): readonly string[] {
  const name = `${relation}@odata.bind`;
  const value = body[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest(`The property '${name}' must be a list of references.`);
  if (value.length > mostBound) {
    throw badRequest(
      `The property '${name}' holds ${value.length} references. A request may hold ${mostBound} at most.`,
    );
  }
  return [...new Set(value.map(readReference))];
}
