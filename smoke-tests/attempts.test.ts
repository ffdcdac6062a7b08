import type { CosmosClient } from "@azure/cosmos";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../local-azure/testing/test-cosmos.ts";
import type { DataOperation } from "../rbac/cosmos/operations.ts";
import { tryOperations } from "./attempts.ts";

const declared = { database: "orders", name: "carts", partitionKey: ["/tenantId", "/cart/id"] };
const appender = "55555555-5555-4555-8555-555555555555";

let cosmos: TestCosmos;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  await cosmos.container("carts", { partitionKey: declared.partitionKey });
  await cosmos.define(appender, [
    "Microsoft.DocumentDB/databaseAccounts/readMetadata",
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/create",
  ]);
});
afterAll(() => cosmos.close());

/** A client as the smoke tests make it: without a look at the account first. */
function clientOf(principalId: string): CosmosClient {
  const expiresOnTimestamp = cosmos.clock.nowMs() + 3_600_000;
  return cosmos.client({
    aadCredentials: { getToken: async () => ({ token: cosmos.token(principalId), expiresOnTimestamp }) },
    connectionPolicy: { enableEndpointDiscovery: false },
  });
}

/** What is declared for each, and then what came: the operations in the order in which they are tried. */
test.each<[string, string, readonly DataOperation[], readonly string[]]>([
  [
    "contributor",
    "contributor",
    [
      "readContainer",
      "readItem",
      "queryItems",
      "replaceItem",
      "patchItem",
      "deleteItem",
      "createItem",
      "upsertItem",
    ],
    [
      "readContainer 200",
      "readItem 404",
      "queryItems 200",
      "replaceItem 404",
      "patchItem 404",
      "deleteItem 404",
      "createItem 201",
      "deleteItem 204",
      "upsertItem 201",
      "deleteItem 204",
    ],
  ],
  [
    "reader",
    "reader",
    ["readContainer", "readItem", "queryItems"],
    [
      "readContainer 200",
      "readItem 404",
      "queryItems 200",
      "replaceItem 403/5301",
      "patchItem 403/5301",
      "deleteItem 403/5301",
      "createItem 403/5301",
      "upsertItem 403/5301",
    ],
  ],
  [
    "appender, whose items nobody could delete",
    appender,
    ["readContainer", "createItem"],
    [
      "readContainer 200",
      "readItem 403/5301",
      "queryItems 403/5301",
      "replaceItem 403/5301",
      "patchItem 403/5301",
      "deleteItem 403/5301",
      "upsertItem 403/5301",
    ],
  ],
  [
    "contributor of whom nothing is declared",
    "contributor",
    [],
    [
      "readContainer 200",
      "readItem 404",
      "queryItems 200",
      "replaceItem 404",
      "patchItem 404",
      "deleteItem 404",
      "createItem 201",
      "deleteItem 204",
      "upsertItem 201",
      "deleteItem 204",
    ],
  ],
  [
    "principal without a grant",
    "none",
    [],
    [
      "readContainer 403/5301",
      "readItem 403/5301",
      "queryItems 403/5301",
      "replaceItem 403/5301",
      "patchItem 403/5301",
      "deleteItem 403/5301",
      "createItem 403/5301",
      "upsertItem 403/5301",
    ],
  ],
])("a %s (role %s) tries its rights and leaves nothing behind", async (who, role, rights, wanted) => {
  const principalId = cosmos.principal(who);
  if (role !== "none") await cosmos.grant(principalId, role, "/dbs/orders/colls/carts");
  const outcomes = await tryOperations(clientOf(principalId), declared, (operation) =>
    rights.includes(operation),
  );
  const came = outcomes.map(({ operation, code, substatus }) =>
    substatus === undefined || substatus === 0 ? `${operation} ${code}` : `${operation} ${code}/${substatus}`,
  );
  expect(came).toEqual(wanted);
  expect(outcomes.map(({ allowed }) => allowed)).toEqual(came.map((each) => !each.endsWith("/5301")));
  expect((await cosmos.items("carts").items.readAll().fetchAll()).resources).toEqual([]);
});

test("a container that is not there is not taken for one that may be read", async () => {
  const principalId = cosmos.principal("looks for more");
  await cosmos.grant(principalId, "reader");
  const [first] = await tryOperations(clientOf(principalId), { ...declared, name: "gone" }, () => true);
  expect(first).toMatchObject({ operation: "readContainer", allowed: false, code: 404 });
});
