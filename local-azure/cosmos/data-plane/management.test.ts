import type { CosmosClient } from "@azure/cosmos";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCosmos, type TestCosmos } from "../../testing/test-cosmos.ts";

let cosmos: TestCosmos;
let client: CosmosClient;
beforeAll(async () => {
  cosmos = await startTestCosmos();
  client = cosmos.client({ key: cosmos.keys.primaryMasterKey });
});
afterAll(() => cosmos.close());

describe("the holder of a key", () => {
  test("creates, changes and deletes databases and containers", async () => {
    const { database, resource } = await client.databases.createIfNotExists({ id: "made" });
    expect(resource).toMatchObject({ id: "made", _colls: "colls/" });
    expect((await client.databases.createIfNotExists({ id: "made" })).statusCode).toBe(200);
    await expect(client.databases.create({ id: "made" })).rejects.toMatchObject({ code: 409 });

    const definition = { id: "c", partitionKey: { paths: ["/tenant", "/user"] }, defaultTtl: 100 };
    const { container, resource: made } = await database.containers.createIfNotExists(definition);
    expect(made).toMatchObject({
      ...definition,
      partitionKey: { paths: ["/tenant", "/user"], kind: "MultiHash", version: 2 },
      indexingPolicy: { indexingMode: "consistent" },
    });
    expect((await database.containers.readAll().fetchAll()).resources.map(({ id }) => id)).toEqual(["c"]);
    await container.items.create({ id: "x", tenant: "t", user: "u" });
    const { resource: changed } = await container.replace({ ...definition, defaultTtl: 5 });
    expect(changed).toMatchObject({ defaultTtl: 5, _rid: made?._rid });
    await expect(container.replace({ id: "c", partitionKey: { paths: ["/other"] } })).rejects.toMatchObject({
      code: 400,
      body: { message: expect.stringContaining("partition key cannot be changed") },
    });

    await container.delete();
    await expect(container.read()).rejects.toMatchObject({ code: 404 });
    await database.containers.create(definition);
    expect((await container.items.query("SELECT * FROM c").fetchAll()).resources).toEqual([]);
    await container.items.create({ id: "x", tenant: "t", user: "u" });
    await database.delete();
    await expect(database.read()).rejects.toMatchObject({ code: 404 });
    expect(cosmos.resources.listBelow(`${cosmos.accountId}/sqlDatabases/made`)).toEqual([]);
    const again = await client.databases.create({ id: "made" });
    const { container: empty } = await again.database.containers.create(definition);
    expect((await empty.items.query("SELECT * FROM c").fetchAll()).resources).toEqual([]);
  });

  test("reads and changes throughput", async () => {
    const { database } = await client.databases.create({ id: "sized", throughput: 400 });
    const { container } = await database.containers.create({
      id: "c",
      maxThroughput: 4000,
      partitionKey: "/pk",
    });
    const { resource, offer } = await database.readOffer();
    expect(resource).toMatchObject({ offerVersion: "V2", content: { offerThroughput: 400 } });
    const { resource: changed } = (await offer?.replace({
      ...resource,
      content: { offerThroughput: 500 },
    } as never)) ?? { resource: undefined };
    expect(changed).toMatchObject({ content: { offerThroughput: 500 } });
    expect((await offer?.read())?.resource).toMatchObject({ content: { offerThroughput: 500 } });
    expect((await container.readOffer()).resource).toMatchObject({
      content: { offerAutopilotSettings: { maxThroughput: 4000 } },
    });
    const before = (await client.offers.readAll().fetchAll()).resources.length;
    await database.containers.create({ id: "sharing", partitionKey: "/pk" });
    await client.database("orders").containers.create({ id: "alone", partitionKey: "/pk" });
    expect((await client.offers.readAll().fetchAll()).resources).toHaveLength(before + 1);
    await expect(client.databases.create({ id: "odd", throughput: 399 })).rejects.toMatchObject({
      code: 400,
    });
    await expect(client.database("odd").read()).rejects.toMatchObject({ code: 404 });
    await expect(
      offer?.replace({ ...resource, content: { offerThroughput: 450 } } as never),
    ).rejects.toMatchObject({
      code: 400,
      body: { message: expect.stringContaining("multiple of 100") },
    });
  });

  test.each<[string, object, string]>([
    ["a bad id", { id: "a".repeat(256), partitionKey: { paths: ["/pk"] } }, "1 to 255 characters"],
    [
      "four paths",
      { id: "x", partitionKey: { paths: ["/a", "/b", "/c", "/d"], kind: "MultiHash" } },
      "1 to 3 paths",
    ],
    [
      "a path without a slash",
      { id: "x", partitionKey: { paths: ["a"] } },
      'The partition key path "a" is invalid',
    ],
    [
      "an unknown kind",
      { id: "x", partitionKey: { paths: ["/a"], kind: "Range" } },
      'kind "Range" is not supported',
    ],
    [
      "a bad time to live",
      { id: "x", partitionKey: { paths: ["/a"] }, defaultTtl: 0 },
      "must be -1 or a positive whole number",
    ],
    [
      "a unique key without paths",
      { id: "x", partitionKey: { paths: ["/a"] }, uniqueKeyPolicy: { uniqueKeys: [{}] } },
      "Each unique key needs paths",
    ],
  ])("is refused a container with %s", async (_name, definition, message) => {
    await expect(
      client.database("orders").containers.create(definition as { id: string }),
    ).rejects.toMatchObject({
      code: 400,
      body: { message: expect.stringContaining(message) },
    });
  });

  test("is refused all of that where the account forbids metadata writes by key", async () => {
    await cosmos.changeAccount({ disableKeyBasedMetadataWriteAccess: true });
    const refused = {
      code: 403,
      substatus: 0,
      body: { message: expect.stringContaining("is not allowed through Azure Cosmos DB endpoint") },
    };
    await expect(client.databases.create({ id: "no" })).rejects.toMatchObject(refused);
    await expect(client.database("orders").delete()).rejects.toMatchObject(refused);
    await expect(client.database("orders").containers.create({ id: "no" })).rejects.toMatchObject(refused);
    await expect(client.database("orders").container("orders").delete()).rejects.toMatchObject(refused);
    expect((await client.databases.createIfNotExists({ id: "orders" })).statusCode).toBe(200);
    await client.database("orders").container("orders").items.upsert({ id: "still", pk: "p" });
    await cosmos.changeAccount({ disableKeyBasedMetadataWriteAccess: false });
  });

  test.each<[string, (client: CosmosClient) => Promise<unknown>, string]>([
    ["users", (c) => c.database("orders").users.create({ id: "u" }), "A user with its permissions"],
    [
      "stored procedures",
      (c) =>
        c
          .database("orders")
          .container("orders")
          .scripts.storedProcedures.create({ id: "s", body: "function () {}" }),
      "The definition of stored procedures",
    ],
    [
      "triggers",
      (c) =>
        c
          .database("orders")
          .container("orders")
          .scripts.triggers.create({
            id: "t",
            body: "function () {}",
            triggerType: "Pre",
            triggerOperation: "All",
          } as never),
      "The definition of triggers",
    ],
    [
      "user-defined functions",
      (c) =>
        c
          .database("orders")
          .container("orders")
          .scripts.userDefinedFunctions.create({ id: "f", body: "function () {}" }),
      "The definition of user-defined functions",
    ],
    [
      "calls of stored procedures",
      (c) => c.database("orders").container("orders").scripts.storedProcedure("s").execute("p"),
      "The execution of stored procedures",
    ],
    [
      "conflicts",
      (c) => c.database("orders").container("orders").conflicts.readAll().fetchAll(),
      "The conflict feed",
    ],
    ["encryption keys", (c) => c.database("orders").readClientEncryptionKey("k"), "A client encryption key"],
  ])("is told that %s are not supported here", async (_name, call, message) => {
    await expect(call(client)).rejects.toMatchObject({
      code: 501,
      body: { code: "NotImplemented", message: expect.stringContaining(message) },
    });
  });
});

describe("resource manager's deletion", () => {
  test("of an account closes its port", async () => {
    await client.database("orders").container("orders").items.upsert({ id: "a", pk: "p" });
    await cosmos.resources.delete(cosmos.accountId);
    cosmos.agent.destroy();
    await expect(cosmos.send("GET", "/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
