import { randomUUID } from "node:crypto";
import {
  ChangeFeedStartFrom,
  type Container,
  CosmosClient,
  ErrorResponse,
  type JSONObject,
} from "@azure/cosmos";
import type { TokenCredential } from "@azure/identity";

/** What came of one operation on the data plane. */
export interface Outcome<Operation extends string> {
  readonly operation: Operation;
  readonly allowed: boolean;
  readonly code: number | "none";
  readonly substatus?: number | undefined;
  /** The first line of what was said; empty when it was allowed without more ado. */
  readonly message: string;
}

/** An item that is nowhere: random id and key values collide with nothing that is kept. */
export interface ProbeItem {
  readonly id: string;
  /** Values of the partition key, in its order. */
  readonly key: string[];
  readonly body: JSONObject;
}

/**
 * A client that signs in with a token only. It does not look for the account's regions first: without any right that look
 * is refused already, and then no operation would be tried at all.
 */
export function tokenClient(endpoint: string, credential: TokenCredential): CosmosClient {
  return new CosmosClient({
    endpoint,
    aadCredentials: credential,
    userAgentSuffix: "keyless-cosmos",
    connectionPolicy: { enableEndpointDiscovery: false },
  });
}

/** @param partitionKey the paths of the container's partition key. */
export function probeItem(prefix: string, partitionKey: readonly string[]): ProbeItem {
  const id = `${prefix}-${randomUUID()}`;
  const body: JSONObject = {};
  const key = partitionKey.map((path) => {
    const names = path.split("/").slice(1);
    let place: JSONObject = body;
    for (const name of names.slice(0, -1)) {
      place[name] ??= {};
      place = place[name] as JSONObject;
    }
    const value = path === "/id" ? id : `${prefix}-${randomUUID()}`;
    place[names.at(-1) ?? "id"] = value;
    return value;
  });
  body.id = id;
  return { id, key, body };
}

/**
 * The operations on a container's items, by name, each as a function that tries it. All but `createItem` and `upsertItem`
 * leave nothing behind where the item does not exist: an allowed request ends with 404.
 */
export function itemOperations(container: Container, item: ProbeItem) {
  const missing = container.item(item.id, item.key);
  return {
    readItem: () => missing.read(),
    queryItems: () => query(container, item.id),
    readChangeFeed: () => changeFeed(container, item.key),
    replaceItem: () => missing.replace(item.body),
    patchItem: () => missing.patch([{ op: "add", path: "/probe", value: true }]),
    deleteItem: () => missing.delete(),
    createItem: () => container.items.create(item.body),
    upsertItem: () => container.items.upsert(item.body),
  } as const satisfies Record<string, () => Promise<{ readonly statusCode: number }>>;
}

async function query(container: Container, id: string): Promise<{ statusCode: number }> {
  const text = {
    query: "SELECT VALUE c.id FROM c WHERE c.id = @id",
    parameters: [{ name: "@id", value: id }],
  };
  await container.items.query(text).fetchAll();
  return { statusCode: 200 };
}

async function changeFeed(container: Container, key: string[]): Promise<{ statusCode: number }> {
  const feed = container.items.getChangeFeedIterator({
    changeFeedStartFrom: ChangeFeedStartFrom.Now(key),
  });
  const { statusCode } = await feed.readNext();
  return { statusCode };
}

/**
 * Tries one operation and says what came of it, never by throwing.
 *
 * @param options.readsDefinition whether it reads what holds items (an account, a database, a container): that this is not
 * there is a fault, while an item that is not there was looked for, so looking was allowed.
 */
export async function attempt<Operation extends string>(
  operation: Operation,
  work: () => Promise<{ readonly statusCode: number }>,
  { readsDefinition = false }: { readonly readsDefinition?: boolean } = {},
): Promise<Outcome<Operation>> {
  try {
    const { statusCode } = await work();
    return { operation, allowed: true, code: statusCode, message: "" };
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).split(/\r?\n/, 1)[0] ?? "";
    if (!(error instanceof ErrorResponse) || typeof error.code !== "number") {
      return { operation, allowed: false, code: "none", message };
    }
    const allowed = error.code === 404 && !readsDefinition;
    return { operation, allowed, code: error.code, substatus: error.substatus, message };
  }
}
