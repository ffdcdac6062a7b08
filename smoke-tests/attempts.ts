import { randomUUID } from "node:crypto";
import { type Container, CosmosClient, ErrorResponse, type JSONObject } from "@azure/cosmos";
import type { TokenCredential } from "@azure/identity";
import type { StackOutputs } from "../infra/outputs/schema.ts";
import type { DataOperation } from "../rbac/cosmos/operations.ts";

type DeclaredContainer = StackOutputs["containers"][number];

/** What came of one operation. */
export interface Outcome {
  readonly operation: DataOperation;
  readonly allowed: boolean;
  readonly code: number | "none";
  readonly substatus?: number | undefined;
  readonly message: string;
}

/**
 * A client that signs in with a token only. It does not look for the account's regions first: without any right that look
 * is refused already, and then no operation would be tried at all.
 */
export function tokenClient(endpoint: string, credential: TokenCredential): CosmosClient {
  return new CosmosClient({
    endpoint,
    aadCredentials: credential,
    userAgentSuffix: "keyless-cosmos-smoke",
    connectionPolicy: { enableEndpointDiscovery: false },
  });
}

/**
 * Tries each item operation on a container without leaving anything behind: what would change an item names one that does
 * not exist, so that an allowed request ends with 404. Creating and upserting are left out where they are expected to be
 * allowed and deleting is not; what they make is deleted again.
 *
 * @param expected whether the principal should be allowed an operation on this container.
 */
export async function tryOperations(
  client: CosmosClient,
  declared: DeclaredContainer,
  expected: (operation: DataOperation) => boolean,
): Promise<Outcome[]> {
  const container = client.database(declared.database).container(declared.name);
  const item = smokeItem(declared);
  const missing = container.item(item.id, item.key);
  const outcomes = [
    await attempt("readContainer", () => container.read()),
    await attempt("readItem", () => missing.read()),
    await attempt("queryItems", () => query(container, item.id)),
    await attempt("replaceItem", () => missing.replace(item.body)),
    await attempt("patchItem", () => missing.patch([{ op: "add", path: "/smoke", value: true }])),
    await attempt("deleteItem", () => missing.delete()),
  ];
  for (const [operation, write] of [
    ["createItem", () => container.items.create(item.body)],
    ["upsertItem", () => container.items.upsert(item.body)],
  ] as const) {
    if (expected(operation) && !expected("deleteItem")) continue;
    const outcome = await attempt(operation, write);
    outcomes.push(outcome);
    if (outcome.allowed) outcomes.push(await attempt("deleteItem", () => missing.delete()));
  }
  return outcomes;
}

/** Random id and key values collide with nothing that is kept there. */
function smokeItem({ partitionKey }: DeclaredContainer): { id: string; key: string[]; body: JSONObject } {
  const id = `smoke-${randomUUID()}`;
  const body: JSONObject = {};
  const key = partitionKey.map((path) => {
    const names = path.split("/").slice(1);
    let place: JSONObject = body;
    for (const name of names.slice(0, -1)) {
      place[name] ??= {};
      place = place[name] as JSONObject;
    }
    const value = path === "/id" ? id : `smoke-${randomUUID()}`;
    place[names.at(-1) ?? "id"] = value;
    return value;
  });
  body.id = id;
  return { id, key, body };
}

async function query(container: Container, id: string): Promise<{ statusCode: number }> {
  const text = {
    query: "SELECT VALUE c.id FROM c WHERE c.id = @id",
    parameters: [{ name: "@id", value: id }],
  };
  await container.items.query(text).fetchAll();
  return { statusCode: 200 };
}

async function attempt(
  operation: DataOperation,
  work: () => Promise<{ statusCode: number }>,
): Promise<Outcome> {
  try {
    const { statusCode } = await work();
    return { operation, allowed: true, code: statusCode, message: "" };
  } catch (error) {
    const message = (error instanceof Error ? error.message : String(error)).split(/\r?\n/, 1)[0] ?? "";
    if (!(error instanceof ErrorResponse) || typeof error.code !== "number") {
      return { operation, allowed: false, code: "none", message };
    }
    // An item that is not there was looked for, so it was allowed; a container that is not there is a fault.
    const allowed = error.code === 404 && operation !== "readContainer";
    return { operation, allowed, code: error.code, substatus: error.substatus, message };
  }
}
