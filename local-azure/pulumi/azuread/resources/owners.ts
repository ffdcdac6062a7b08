import type { GraphClient } from "../graph/client.ts";
import { textOf } from "./operation.ts";

type Version = "v1.0" | "beta";

/** How many owners a new object may name. */
export const mostInitialOwners = 20;

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function isAmong(objectId: string, objectIds: readonly string[]): boolean {
  return objectIds.some((candidate) => same(candidate, objectId));
}

/** The object ids of an object's members or owners. */
export async function readReferences(
  graph: GraphClient,
  path: string,
  kind: "members" | "owners",
  version: Version,
): Promise<readonly string[]> {
  const found = await graph.list(`Could not retrieve ${kind} of ${path}`, {
    path: `${path}/${kind}`,
    version,
  });
  return found.map(({ id }) => textOf(id));
}

export async function addReference(
  graph: GraphClient,
  path: string,
  kind: "members" | "owners",
  objectId: string,
  version: Version,
): Promise<void> {
  await graph.call(`Could not add ${objectId} to the ${kind} of ${path}`, {
    method: "POST",
    path: `${path}/${kind}/$ref`,
    version,
    body: { "@odata.id": graph.reference(objectId, version) },
  });
}

export async function removeReference(
  graph: GraphClient,
  path: string,
  kind: "members" | "owners",
  objectId: string,
  version: Version,
): Promise<void> {
  await graph.call(`Could not remove ${objectId} from the ${kind} of ${path}`, {
    method: "DELETE",
    path: `${path}/${kind}/${objectId}/$ref`,
    version,
  });
}

/** Makes the members or owners those that are wanted. Additions come first: some objects cannot lose their last owner. */
export async function setReferences(
  graph: GraphClient,
  path: string,
  kind: "members" | "owners",
  wanted: readonly string[],
  version: Version,
): Promise<void> {
  const present = await readReferences(graph, path, kind, version);
  for (const objectId of wanted.filter((id) => !isAmong(id, present)))
    await addReference(graph, path, kind, objectId, version);
  for (const objectId of present.filter((id) => !isAmong(id, wanted)))
    await removeReference(graph, path, kind, objectId, version);
}

/**
 * The owners that a new application or service principal names: the caller, who must be able to finish it, then up to 19
 * of those that are wanted. The rest is added afterwards, and the caller goes unless wanted.
 */
export function initialOwners(
  caller: string,
  wanted: readonly string[],
): { readonly first: readonly string[]; readonly later: readonly string[]; readonly callerGoes: boolean } {
  const others = wanted.filter((id) => !same(id, caller));
  return {
    first: [caller, ...others.slice(0, mostInitialOwners - 1)],
    later: others.slice(mostInitialOwners - 1),
    callerGoes: others.length === wanted.length,
  };
}
