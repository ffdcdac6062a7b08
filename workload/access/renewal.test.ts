import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../local-azure/testing/test-cosmos.ts";
import { type RunningWorkload, startWorkload } from "../testing/running-workload.ts";

const declared = { database: "orders", name: "carts", partitionKey: ["/tenantId"] };
const path = `/items/orders/carts?pk=${encodeURIComponent('["contoso"]')}`;
const day = 24 * 60 * 60_000;

let cosmos: TestCosmos;
let workload: RunningWorkload;
beforeEach(async () => {
  cosmos = await startTestCosmos();
  await cosmos.container("carts", { partitionKey: ["/tenantId"] });
  workload = await startWorkload(cosmos, [declared]);
  await cosmos.grant(workload.principalId, "reader", "/dbs/orders/colls/carts");
});
afterEach(async () => {
  await workload?.close();
  await cosmos?.close();
});

test("a token that Cosmos DB refuses as expired is renewed, whatever the caches hold (pain 15)", async () => {
  expect((await workload.fetch(path)).status).toBe(200);
  cosmos.clock.advance(3 * day);
  expect((await workload.fetch(path)).status).toBe(200);
  expect((await workload.fetch(path)).status).toBe(200);
  expect(workload.events()).toEqual([
    expect.objectContaining({
      principal: workload.principalId,
      action: "query",
      resource: "orders/carts",
      code: 401,
      cause: expect.stringContaining("expired"),
    }),
  ]);
});

test("a token that the identity endpoint does not give is an event, and the caller is told", async () => {
  await workload.stopIdentityEndpoint();
  const answer = await workload.fetch(path);
  expect([answer.status, await answer.json()]).toEqual([
    502,
    { error: { code: "Dependency", message: expect.stringMatching(/^ManagedIdentityCredential: /) } },
  ]);
  expect(workload.events()).toEqual([
    expect.objectContaining({
      principal: "managedIdentity",
      action: "getToken",
      resource: `${cosmos.endpoint.slice(0, -1)}/.default`,
      code: "CredentialUnavailableError",
      substatus: null,
      cause: expect.stringMatching(/^ManagedIdentityCredential: /),
    }),
  ]);
});
