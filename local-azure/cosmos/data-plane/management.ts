import type { ArmResource } from "../../arm/resource-store.ts";
import { containerType, databaseType } from "./account-model.ts";
import { containerOf, metadataAnswer } from "./answers.ts";
import { readContainerDefinition } from "./container-definition.ts";
import {
  type ContainerModel,
  containerRidBytes,
  type DatabaseModel,
  encodeRid,
  settingsOf,
} from "./container-model.ts";
import { badRequest, CosmosError, notFound } from "./errors.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { askedThroughput, writeThroughput } from "./offers.ts";

/** POST of a database, by a key holder: makes the resource that resource manager would. */
export async function createDatabase(exchange: Exchange): Promise<Answer> {
  const { account, services } = exchange;
  const id = readId(parseBody(exchange));
  const armId = `${account.armId}/sqlDatabases/${id}`;
  if (services.resources.get(armId) !== undefined) throw conflict();
  const rid = encodeRid(services.ids.bytes(4));
  const settings = {
    id,
    _rid: rid,
    _self: `dbs/${rid}/`,
    _etag: `"${services.ids.uuid()}"`,
    _colls: "colls/",
    _users: "users/",
    _ts: services.clock.nowSeconds(),
  };
  const throughput = askedThroughput(exchange, databaseType);
  await services.resources.put(resourceOf(exchange, armId, databaseType, id, settings));
  await writeThroughput(exchange, armId, databaseType, throughput);
  return created(databaseNow(exchange, id));
}

/** DELETE of a database with everything in it. */
export async function deleteDatabase(exchange: Exchange): Promise<Answer> {
  if (exchange.database === undefined) throw notFound();
  await exchange.services.resources.delete(exchange.database.armId);
  return metadataAnswer(204, undefined);
}

/** POST of a container, by a key holder. */
export async function createContainer(exchange: Exchange): Promise<Answer> {
  const { database, services } = exchange;
  if (database === undefined) throw notFound();
  const body = parseBody(exchange);
  const id = readId(body);
  const armId = `${database.armId}/containers/${id}`;
  if (services.resources.get(armId) !== undefined) throw conflict();
  const rid = encodeRid(containerRidBytes(database.rid, services.ids.bytes(4)));
  const settings = {
    ...readContainerDefinition(body),
    id,
    _rid: rid,
    _self: `dbs/${database.rid}/colls/${rid}/`,
    _etag: `"${services.ids.uuid()}"`,
    _ts: services.clock.nowSeconds(),
  };
  const throughput = askedThroughput(exchange, containerType);
  await services.resources.put(resourceOf(exchange, armId, containerType, id, settings));
  await writeThroughput(exchange, armId, containerType, throughput);
  return created(databaseNow(exchange, database.id)?.containers.get(id));
}

/** PUT of a container: everything but its id, partition key and unique keys may change. */
export async function replaceContainer(exchange: Exchange): Promise<Answer> {
  const { services } = exchange;
  const container = containerOf(exchange);
  const resource = services.resources.get(container.armId);
  if (resource === undefined) throw notFound();
  const body = parseBody(exchange);
  if (readId(body) !== container.id) throw badRequest("The id of a container cannot be changed.");
  const before = settingsOf(resource);
  const after = readContainerDefinition({ ...body, partitionKey: body.partitionKey ?? before.partitionKey });
  const { partitionKey } = container;
  if (JSON.stringify(partitionKeyPaths(after)) !== JSON.stringify(partitionKey.definition.paths)) {
    throw badRequest("Document collection partition key cannot be changed.");
  }
  if (JSON.stringify(after.uniqueKeyPolicy ?? null) !== JSON.stringify(before.uniqueKeyPolicy ?? null)) {
    throw badRequest("The unique keys of a container cannot be changed.");
  }
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => name.startsWith("_")));
  const settings = {
    ...after,
    id: container.id,
    partitionKey: before.partitionKey,
    ...kept,
    _etag: `"${services.ids.uuid()}"`,
    _ts: services.clock.nowSeconds(),
  };
  await services.resources.put({ ...resource, properties: { ...resource.properties, resource: settings } });
  const { document, etag } = containerNow(exchange, container);
  return metadataAnswer(200, document, { etag });
}

/** DELETE of a container with its items. */
export async function deleteContainer(exchange: Exchange): Promise<Answer> {
  await exchange.services.resources.delete(containerOf(exchange).armId);
  return metadataAnswer(204, undefined);
}

function partitionKeyPaths(settings: Readonly<Record<string, unknown>>): unknown {
  return (settings.partitionKey as { paths?: unknown } | undefined)?.paths;
}

function resourceOf(
  exchange: Exchange,
  id: string,
  type: string,
  name: string,
  settings: Readonly<Record<string, unknown>>,
): ArmResource {
  const etag = exchange.services.ids.uuid();
  return { id, type, name, properties: { resource: settings }, internal: {}, etag };
}

function created(model: DatabaseModel | ContainerModel | undefined): Answer {
  if (model === undefined) throw notFound();
  return metadataAnswer(201, model.document, { etag: model.document._etag, charge: 4.95 });
}

function databaseNow(exchange: Exchange, id: string): DatabaseModel | undefined {
  return exchange.account.databases.get(id);
}

function containerNow(exchange: Exchange, container: ContainerModel): ContainerModel {
  const now = databaseNow(exchange, exchange.database?.id ?? "")?.containers.get(container.id);
  if (now === undefined) throw notFound();
  return now;
}

function parseBody(exchange: Exchange): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(exchange.body);
  } catch {
    throw badRequest("The body is not valid JSON.");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badRequest("The body must be a JSON object.");
  }
  return body as Record<string, unknown>;
}

function readId({ id }: Record<string, unknown>): string {
  if (typeof id !== "string" || id === "" || id.length > 255 || /[/\\?#]/.test(id) || id.endsWith(" ")) {
    throw badRequest(
      "The id must be text of 1 to 255 characters without '/', '\\', '?' or '#', and may not end with a space.",
    );
  }
  return id;
}

function conflict(): CosmosError {
  return new CosmosError(
    409,
    "Conflict",
    "Resource with specified id, name, or unique index already exists.",
  );
}
