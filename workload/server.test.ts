import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createWorkloadServer } from "./server.ts";
import { readSettings } from "./settings.ts";
import { openStore } from "./store.ts";

const settings = readSettings({
  AZURE_COSMOS_RESOURCEENDPOINT: "https://localhost:1/",
  COSMOS_CONTAINERS: JSON.stringify([
    { database: "orders", name: "orders", partitionKey: ["/tenantId", "/orderId"] },
  ]),
});

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createWorkloadServer(settings, openStore(settings), "1.0.0-test");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("/health is liveness alone and tells the version", async () => {
  const response = await fetch(`${origin}/health`);
  expect([response.status, await response.json()]).toEqual([
    200,
    { status: "healthy", version: "1.0.0-test" },
  ]);
});

test.each([
  [
    "GET",
    "/nothing",
    undefined,
    404,
    "NotFound",
    "There is no /nothing. Try /health, /probe or /items/<database>/<container>.",
  ],
  ["GET", "/probe", undefined, 405, "MethodNotAllowed", "GET is not allowed here."],
  [
    "GET",
    "/items/orders/other",
    undefined,
    404,
    "UnknownContainer",
    "orders/other is not declared; declared: orders/orders.",
  ],
  [
    "GET",
    "/items/orders/orders/1",
    undefined,
    400,
    "BadPartitionKey",
    "pk must be a JSON array of 2 values, for /tenantId, /orderId.",
  ],
  [
    "GET",
    '/items/orders/orders/1?pk=["a"]',
    undefined,
    400,
    "BadPartitionKey",
    "pk must be a JSON array of 2 values, for /tenantId, /orderId.",
  ],
  ["GET", "/items/%E0/orders", undefined, 400, "BadPath", '"%E0" is not percent-encoded UTF-8.'],
  [
    "PUT",
    '/items/orders/orders/1?pk=["a","b"]',
    '{"id":"2"}',
    400,
    "BadItem",
    "The item's id must be that of the path, 1.",
  ],
  [
    "PATCH",
    '/items/orders/orders/1?pk=["a","b"]',
    undefined,
    405,
    "MethodNotAllowed",
    "PATCH is not allowed here.",
  ],
  [
    "POST",
    "/probe",
    '{"withheld":"all"}',
    400,
    "BadProbe",
    'withheld must be a list such as ["<database>/<container>:create"].',
  ],
  ["POST", "/items/orders/orders", "{", 400, "BadJson", "The body is not JSON."],
  ["POST", "/items/orders/orders", "[]", 400, "BadItem", "The body must be one item, a JSON object."],
])("%s %s with body %s is refused with %i %s", async (method, path, body, status, code, message) => {
  const response = await fetch(`${origin}${path}`, { method, ...(body === undefined ? {} : { body }) });
  expect([response.status, await response.json()]).toEqual([status, { error: { code, message } }]);
});

test("every wrong setting is named at once", () => {
  expect(() => readSettings({ PORT: "x" })).toThrow(
    'The settings of the workload are wrong: AZURE_COSMOS_RESOURCEENDPOINT must hold the account\'s endpoint; PORT must be a number; COSMOS_CONTAINERS must hold JSON such as [{"database":"d","name":"c","partitionKey":["/id"]}].',
  );
});
