import type { CosmosClient } from "@azure/cosmos";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";
import { readFirewall } from "./firewall.ts";

let cosmos: TestCosmos;
let principal: string;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  principal = cosmos.principal("caller");
  await cosmos.grant(principal, "contributor");
  await cosmos.items("orders").items.create({ id: "a", pk: "p" });
});
beforeEach(() => cosmos.changeAccount(rules()));
afterAll(() => cosmos.close());

const rules = (...addresses: string[]) => ({
  ipRules: addresses.map((ipAddressOrRange) => ({ ipAddressOrRange })),
  publicNetworkAccess: "Enabled",
  isVirtualNetworkFilterEnabled: false,
});
const blocked = (address: string) =>
  `Request originated from IP ${address} through public internet. This is blocked by your Cosmos DB account firewall settings. More info: https://aka.ms/cosmosdb-tsg-forbidden`;

const callers: Readonly<Record<string, () => CosmosClient>> = {
  token: () => cosmos.client(principal),
  key: () => cosmos.client({ key: cosmos.keys.primaryMasterKey }),
};
const calls: Readonly<Record<string, (client: CosmosClient) => Promise<unknown>>> = {
  "reading the account": (client) => client.getDatabaseAccount(),
  "listing databases": (client) => client.databases.readAll().fetchAll(),
  "reading a container": (client) => client.database("orders").container("orders").read(),
  "reading an item": (client) => client.database("orders").container("orders").item("a", "p").read(),
  "writing an item": (client) =>
    client.database("orders").container("orders").items.upsert({ id: "b", pk: "p" }),
  "a query": (client) =>
    client.database("orders").container("orders").items.query("SELECT * FROM c").fetchAll(),
};

describe.each(Object.keys(callers))("with a %s", (caller) => {
  const client = () => callers[caller]?.() as CosmosClient;

  test.each(Object.entries(calls))("%s is refused to an address that no rule admits", async (_what, call) => {
    await cosmos.changeAccount(rules("10.0.0.1", "192.168.0.0/16"));
    const refusal = await call(client()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({
      code: 403,
      substatus: 0,
      body: { code: "Forbidden", message: expect.stringMatching(/^Request originated from IP \S+ through/) },
    });
    const { message = "" } = (refusal as { body: { message?: string } }).body;
    expect([blocked("127.0.0.1"), blocked("::1")]).toContain(message.split("\r\n")[0]);
  });

  test("a rule for this address opens it again at once, without a new client", async () => {
    const open = client();
    const read = () => open.database("orders").container("orders").item("a", "p").read();
    expect((await read()).statusCode).toBe(200);
    await cosmos.changeAccount(rules("10.0.0.1"));
    await expect(read()).rejects.toMatchObject({ code: 403, substatus: 0 });
    await cosmos.changeAccount(rules("10.0.0.1", "127.0.0.1"));
    expect((await read()).statusCode).toBe(200);
    await cosmos.changeAccount({ publicNetworkAccess: "Disabled" });
    await expect(read()).rejects.toMatchObject({ code: 403, substatus: 0 });
  });
});

test("who is blocked is not authenticated: a bad token gives the firewall's answer, and the log names nobody", async () => {
  await cosmos.changeAccount(rules("10.0.0.1"));
  const answer = await cosmos.send("GET", "/dbs/orders", { as: "type=aad&ver=1.0&sig=bad" });
  expect([answer.status, answer.headers["x-ms-substatus"], answer.body.code]).toEqual([
    403,
    "0",
    "Forbidden",
  ]);
  expect(cosmos.requests.at(-1)).toMatchObject({ status: 403, principalId: undefined });
});

describe("the rules", () => {
  const address = (text: string) => ({ ipAddressOrRange: text });
  test.each([
    ["none", {}, "203.0.113.7", true],
    ["this address", { ipRules: [address("203.0.113.7")] }, "203.0.113.7", true],
    ["a range", { ipRules: [address("203.0.113.0/24")] }, "203.0.113.7", true],
    ["another range", { ipRules: [address("203.0.112.0/24")] }, "203.0.113.7", false],
    ["an IPv6 range", { ipRules: [address("2001:db8::/32")] }, "2001:db8::7", true],
    ["all of Azure", { ipRules: [address("0.0.0.0")] }, "203.0.113.7", true],
    ["one that cannot be read", { ipRules: [address("nonsense"), address("1.2.3.4/99")] }, "1.2.3.4", false],
    ["one loopback address for the other", { ipRules: [address("127.0.0.0/8")] }, "::1", true],
    ["the other way round", { ipRules: [address("::1")] }, "127.0.0.1", true],
    ["virtual networks alone", { isVirtualNetworkFilterEnabled: true }, "127.0.0.1", false],
    [
      "this address while public access is disabled",
      { ipRules: [address("203.0.113.7")], publicNetworkAccess: "Disabled" },
      "203.0.113.7",
      false,
    ],
  ])("%s", (_name, properties, from, admitted) => {
    expect(readFirewall(properties).blocks(from)).toBe(admitted ? undefined : blocked(from));
  });
});
