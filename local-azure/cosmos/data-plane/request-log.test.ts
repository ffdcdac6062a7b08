import { ChangeFeedStartFrom } from "@azure/cosmos";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { DataPlaneEntry, RequestLogEntry } from "../../core/request-log.ts";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
let writer: string;
let assignment: string;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  writer = cosmos.principal("writer");
  assignment = await cosmos.grant(writer, "contributor", "/dbs/orders/colls/orders");
});
let seen = 0;
beforeEach(() => {
  seen = cosmos.requests.length;
});
afterAll(() => cosmos.close());

/** The data-plane log since the test began, without what a client asks for when it starts. */
const logged = (): (Omit<RequestLogEntry, "dataPlane"> & { readonly dataPlane: Partial<DataPlaneEntry> })[] =>
  cosmos.requests
    .slice(seen)
    .map((entry) => ({ ...entry, dataPlane: entry.dataPlane ?? {} }))
    .filter(({ route }) => route !== "GET /");
const names = () => logged().map(({ dataPlane }) => `${dataPlane.operationName} ${dataPlane.resourceType}`);
const orders = (principal: string) => cosmos.client(principal).database("orders").container("orders");

test("an allowed request names its principal, the assignment that allowed it, and what was asked of what", async () => {
  const { requestCharge, resource, activityId } = await orders(writer).items.create({ id: "a", pk: "p" });
  const [entry] = logged().filter(({ method }) => method === "POST");
  expect(entry).toMatchObject({
    surface: "cosmos",
    status: 201,
    principalId: writer,
    correlationId: activityId,
    userAgent: expect.stringContaining("azure-cosmos-js/"),
  });
  const { clientIpAddress, ...rest } = entry?.dataPlane ?? {};
  expect(["127.0.0.1", "::1"]).toContain(clientIpAddress);
  expect(rest).toEqual({
    account: "shop",
    region: "",
    database: "orders",
    container: "orders",
    operationName: "Create",
    resourceType: "Document",
    authTokenType: "AadToken",
    roleAssignmentId: assignment,
    requestCharge,
    requestLength: Buffer.byteLength('{"id":"a","pk":"p"}'),
    responseLength: Buffer.byteLength(JSON.stringify(resource)),
  });
});

test("one that is allowed and finds nothing still names the assignment", async () => {
  await orders(writer).item("nowhere", "p").read();
  expect(logged().at(-1)).toMatchObject({
    status: 404,
    dataPlane: { operationName: "Read", roleAssignmentId: assignment, requestCharge: 0 },
  });
});

test.each([
  ["lacks the action", async () => cosmos.principal("nobody"), 403, 5301],
  [
    "lacks one of two",
    async () => {
      const principal = cosmos.principal("half");
      const role = cosmos.platform.ids.uuid();
      await cosmos.define(role, [
        "Microsoft.DocumentDB/databaseAccounts/readMetadata",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery",
      ]);
      await cosmos.grant(principal, role);
      return principal;
    },
    403,
    5301,
  ],
])("a principal that %s is named, and no assignment", async (_what, make, status, substatus) => {
  const principal = await make();
  await cosmos.send("POST", "/dbs/orders/colls/orders/docs", {
    as: principal,
    headers: { "x-ms-documentdb-isquery": "True", "content-type": "application/query+json" },
    body: '{"query":"SELECT * FROM c"}',
  });
  const [entry] = logged();
  expect(entry).toMatchObject({ status, substatus, principalId: principal });
  expect(entry?.dataPlane).toMatchObject({
    operationName: "Query",
    authTokenType: "AadToken",
    roleAssignmentId: undefined,
    requestCharge: 0,
  });
});

test("a key is named by its kind, never by itself, and has neither principal nor assignment", async () => {
  const { primaryReadonlyMasterKey } = cosmos.keys;
  await cosmos.client({ key: primaryReadonlyMasterKey }).database("orders").read();
  const [entry] = logged();
  expect(entry).toMatchObject({ status: 200, principalId: undefined });
  expect(entry?.dataPlane).toMatchObject({
    operationName: "Read",
    resourceType: "Database",
    authTokenType: "PrimaryReadonlyMasterKey",
    roleAssignmentId: undefined,
  });
  expect(JSON.stringify(cosmos.requests)).not.toContain(primaryReadonlyMasterKey);
});

test("who could not be authenticated has no token type, a path that nobody serves no operation", async () => {
  await cosmos.send("GET", "/dbs/orders");
  await cosmos.send("GET", "/nothing", { as: writer });
  expect(
    logged().map(({ status, dataPlane }) => [status, dataPlane.authTokenType, dataPlane.operationName]),
  ).toEqual([
    [401, undefined, "Read"],
    [404, undefined, undefined],
  ]);
});

test("operations have the names that Azure's log gives them", async () => {
  const container = orders(writer);
  await container.items.upsert({ id: "b", pk: "p" });
  await container.item("b", "p").replace({ id: "b", pk: "p", n: 1 });
  await container.item("b", "p").patch([{ op: "set", path: "/n", value: 2 }]);
  await container.items.query("SELECT * FROM c", { partitionKey: "p" }).fetchNext();
  await container.items
    .getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning("p") })
    .readNext();
  await container.items.batch([{ operationType: "Read", id: "b" }], "p");
  await container.item("b", "p").delete();
  await container.scripts
    .storedProcedure("s")
    .read()
    .catch(() => {});
  const documents = names().filter((name) => /Document|StoredProcedure/.test(name));
  expect(documents.filter((name, index) => name !== documents[index - 1])).toEqual([
    "Upsert Document",
    "Replace Document",
    "Patch Document",
    "QueryPlan Document",
    "Query Document",
    "ReadFeed Document",
    "Batch Document",
    "Delete Document",
    "Read StoredProcedure",
  ]);
});
