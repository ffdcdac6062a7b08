import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../local-azure/testing/test-cosmos.ts";
import type { ProbeReport } from "./probe.ts";
import { type RunningWorkload, startWorkload } from "./testing/running-workload.ts";

const prefix = "Microsoft.DocumentDB/databaseAccounts";
const appender = "55555555-5555-4555-8555-555555555555";

let cosmos: TestCosmos;
let workload: RunningWorkload;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  for (const name of ["carts", "audit", "log"]) {
    await cosmos.container(name, { partitionKey: ["/tenantId", "/cart/id"] });
  }
  workload = await startWorkload(
    cosmos,
    ["carts", "audit", "log"].map((name) => ({
      database: "orders",
      name,
      partitionKey: ["/tenantId", "/cart/id"],
    })),
  );
  await cosmos.define(appender, [`${prefix}/readMetadata`, `${prefix}/sqlDatabases/containers/items/create`]);
  await cosmos.grant(workload.principalId, "contributor", "/dbs/orders/colls/carts");
  await cosmos.grant(workload.principalId, appender, "/dbs/orders/colls/log");
});
afterAll(async () => {
  await workload.close();
  await cosmos.close();
});

async function probe(withheld: readonly string[]): Promise<ProbeReport> {
  const response = await workload.fetch("/probe", { method: "POST", body: JSON.stringify({ withheld }) });
  expect(response.status).toBe(200);
  return (await response.json()) as ProbeReport;
}

const brief = ({ outcomes }: ProbeReport) =>
  outcomes.map(({ operation, target, allowed, code, substatus }) =>
    [target, operation, allowed ? "allowed" : "refused", `${code}/${substatus ?? "-"}`].join(" "),
  );

async function itemsIn(container: string): Promise<unknown[]> {
  return (await cosmos.items(container).items.readAll().fetchAll()).resources;
}

test("tells what the identity may and may not do, as whom, and leaves nothing behind", async () => {
  const report = await probe(["orders/log:create"]);
  expect(brief(report).slice(0, -1)).toEqual([
    "orders/carts readMetadata allowed 200/-",
    "orders/carts create allowed 201/-",
    "orders/carts read allowed 200/-",
    "orders/carts query allowed 200/-",
    "orders/carts replace allowed 200/-",
    "orders/carts upsert allowed 200/-",
    "orders/carts delete allowed 204/-",
    "orders/audit readMetadata refused 403/5301",
    "orders/audit create refused 403/5301",
    "orders/audit read refused 403/5301",
    "orders/audit query refused 403/5301",
    "orders/audit replace refused 403/5301",
    "orders/audit upsert refused 403/5301",
    "orders/audit delete refused 403/5301",
    "orders/log readMetadata allowed 200/-",
    "orders/log read refused 403/5301",
    "orders/log query refused 403/5301",
    "orders/log replace refused 403/5301",
    "orders/log upsert refused 403/5301",
    "orders/log delete refused 403/5301",
  ]);
  expect(brief(report).at(-1)).toMatch(/^orders\/probe-[0-9a-f-]{36} createContainer refused 403\/5300$/);
  expect(report.claims).toMatchObject({
    oid: workload.principalId,
    tid: cosmos.platform.tenantId,
    aud: "https://cosmos.azure.com",
  });
  expect(report.identityEndpoint).toEqual({ available: true, status: 200 });
  expect(report.leftBehind).toEqual([]);
  for (const container of ["carts", "audit", "log"]) expect(await itemsIn(container)).toEqual([]);
  expect(JSON.stringify(report)).not.toMatch(/eyJ[\w-]+\.eyJ/);
});

test("names an item that it could make and not delete again", async () => {
  const { leftBehind } = await probe([]);
  expect(leftBehind).toEqual([expect.stringMatching(/^orders\/log\/probe-[0-9a-f-]{36}$/)]);
  expect(await itemsIn("log")).toHaveLength(1);
});

test("items of a granted container are written, read, changed, listed and deleted", async () => {
  const items = "/items/orders/carts";
  const pk = encodeURIComponent('["contoso","7"]');
  const item = { id: "a b", tenantId: "contoso", cart: { id: "7" }, total: 1 };
  const of = `${items}/${encodeURIComponent("a b")}?pk=${pk}`;
  const send = async (method: string, path: string, body?: object) => {
    const response = await workload.fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return [response.status, text === "" ? undefined : JSON.parse(text)];
  };
  expect(await send("POST", items, item)).toEqual([200, expect.objectContaining(item)]);
  expect(await send("PUT", of, { ...item, total: 2 })).toEqual([200, expect.objectContaining({ total: 2 })]);
  expect(await send("GET", of)).toEqual([200, expect.objectContaining({ total: 2 })]);
  expect(await send("GET", `${items}?pk=${pk}`)).toEqual([200, [expect.objectContaining({ id: "a b" })]]);
  expect(await send("DELETE", of)).toEqual([204, undefined]);
  expect(await send("GET", of)).toEqual([
    404,
    { error: { code: "NotFound", message: "There is no item a b in that partition." } },
  ]);
  expect(await send("GET", `/items/orders/audit/1?pk=${pk}`)).toEqual([
    403,
    { error: { code: "Cosmos", message: expect.stringContaining("audit"), substatus: 5301 } },
  ]);
});

test("each refusal by Cosmos DB is an event that names who, what and where, under the caller's correlation id", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const before = workload.events().length;
  await workload.fetch("/items/orders/audit", {
    headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
  });
  expect(workload.events().slice(before)).toEqual([
    {
      event: "access-failure",
      time: expect.any(String),
      correlationId: traceId,
      principal: workload.principalId,
      action: expect.stringMatching(/^Microsoft\.DocumentDB\/databaseAccounts\//),
      resource: "dbs/orders/colls/audit",
      code: 403,
      substatus: 5301,
      cause: expect.stringContaining("does not have required RBAC permissions"),
    },
  ]);
});

test("an identity endpoint that went away is told, though the old token still works", async () => {
  await workload.stopIdentityEndpoint();
  const { identityEndpoint } = await probe(["orders/log:create"]);
  expect(identityEndpoint).toEqual({ available: false, status: expect.any(String) });
});
