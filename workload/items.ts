import type { JSONObject, PartitionKey } from "@azure/cosmos";
import { type Answer, HttpError } from "./http-error.ts";
import type { DeclaredContainer, WorkloadSettings } from "./settings.ts";
import type { Store } from "./store.ts";

const maximumListed = 100;

/** One request on `/items/<database>/<container>[/<id>]?pk=<JSON array>`. */
export interface ItemRequest {
  readonly method: string;
  readonly database: string;
  readonly container: string;
  readonly id: string | undefined;
  /** The partition key's values as JSON, for example `["contoso","42"]`. */
  readonly partitionKey: string | null;
  readonly body: unknown;
}

/** Lists, reads, writes or deletes items of a declared container with the workload's identity. */
export async function handleItems(
  store: Store,
  settings: WorkloadSettings,
  request: ItemRequest,
): Promise<Answer> {
  const declared = declaredContainer(settings, request);
  return request.id === undefined
    ? handleAll(store, declared, request)
    : handleOne(store, declared, request, request.id);
}

async function handleAll(store: Store, declared: DeclaredContainer, request: ItemRequest): Promise<Answer> {
  if (request.method === "GET") {
    const partitionKey =
      request.partitionKey === null ? {} : { partitionKey: readPartitionKey(request, declared) };
    const page = await store.useContainer(declared, "query", ({ items }) =>
      items.query(`SELECT TOP ${maximumListed} * FROM c`, partitionKey).fetchAll(),
    );
    return { status: 200, body: page.resources };
  }
  if (request.method === "POST") {
    const body = asObject(request.body);
    const { resource } = await store.useContainer(declared, "upsert", ({ items }) => items.upsert(body));
    return { status: 200, body: resource };
  }
  throw methodNotAllowed(request.method);
}

async function handleOne(
  store: Store,
  declared: DeclaredContainer,
  request: ItemRequest,
  id: string,
): Promise<Answer> {
  const key = readPartitionKey(request, declared);
  if (request.method === "GET") {
    const { resource, statusCode } = await store.useContainer(declared, "read", (container) =>
      container.item(id, key).read(),
    );
    if (statusCode === 404) throw new HttpError(404, "NotFound", `There is no item ${id} in that partition.`);
    return { status: 200, body: resource };
  }
  if (request.method === "PUT") {
    const body = asObject(request.body);
    if (body.id !== id) {
      throw new HttpError(400, "BadItem", `The item's id must be that of the path, ${id}.`);
    }
    const { resource } = await store.useContainer(declared, "replace", (container) =>
      container.item(id, key).replace(body),
    );
    return { status: 200, body: resource };
  }
  if (request.method === "DELETE") {
    await store.useContainer(declared, "delete", (container) => container.item(id, key).delete());
    return { status: 204, body: undefined };
  }
  throw methodNotAllowed(request.method);
}

function declaredContainer(settings: WorkloadSettings, request: ItemRequest): DeclaredContainer {
  const found = settings.containers.find(
    ({ database, name }) => database === request.database && name === request.container,
  );
  if (found !== undefined) return found;
  const known = settings.containers.map(({ database, name }) => `${database}/${name}`).join(", ");
  throw new HttpError(
    404,
    "UnknownContainer",
    `${request.database}/${request.container} is not declared; declared: ${known}.`,
  );
}

function readPartitionKey(request: ItemRequest, declared: DeclaredContainer): PartitionKey {
  const wanted = declared.partitionKey.length;
  const wrong = new HttpError(
    400,
    "BadPartitionKey",
    `pk must be a JSON array of ${wanted} values, for ${declared.partitionKey.join(", ")}.`,
  );
  try {
    const values: unknown = JSON.parse(request.partitionKey ?? "");
    const primitive = (value: unknown) =>
      value === null || ["string", "number", "boolean"].includes(typeof value);
    if (Array.isArray(values) && values.length === wanted && values.every(primitive))
      return values as PartitionKey;
  } catch {
    throw wrong;
  }
  throw wrong;
}

function asObject(body: unknown): JSONObject {
  if (body !== null && typeof body === "object" && !Array.isArray(body)) return body as JSONObject;
  throw new HttpError(400, "BadItem", "The body must be one item, a JSON object.");
}

function methodNotAllowed(method: string): HttpError {
  return new HttpError(405, "MethodNotAllowed", `${method} is not allowed here.`);
}
