import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type InProcessWorkload, startInProcessWorkload } from "./testing/in-process-workload.ts";

let workload: InProcessWorkload;
let authorization: string;
beforeAll(async () => {
  workload = await startInProcessWorkload();
  authorization = `Bearer ${workload.issuer.token({ oid: workload.listed })}`;
});
afterAll(() => workload?.close());

test("/health is open to everybody, liveness alone, and tells the version", async () => {
  const { status, body } = await workload.ask("GET", "/health");
  expect([status, body]).toEqual([200, { status: "healthy", version: "1.0.0-test" }]);
  const other = await workload.ask("POST", "/health");
  expect([other.status, other.body.error?.code]).toEqual([405, "MethodNotAllowed"]);
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
  const answer = await workload.ask(method, path, { authorization, ...(body === undefined ? {} : { body }) });
  expect([answer.status, answer.body]).toEqual([status, { error: { code, message } }]);
  const { status: withoutToken, body: refusal } = await workload.ask(method, path);
  expect([withoutToken, refusal.error?.code]).toEqual([401, "NoToken"]);
});

test("App Service's own requests are answered 401 as all without a token, and are no failure of access", async () => {
  const before = workload.events.length;
  for (const path of ["/robots933456.txt", "/"]) {
    expect((await workload.ask("GET", path)).status).toBe(401);
  }
  expect(workload.events.slice(before)).toEqual([]);
  await workload.ask("GET", "/", { authorization: "Bearer x" });
  expect(workload.events.slice(before)).toEqual([expect.objectContaining({ code: "TokenRefused" })]);
});
