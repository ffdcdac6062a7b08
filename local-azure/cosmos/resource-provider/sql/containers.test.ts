import type { SqlContainerResource } from "@azure/arm-cosmosdb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import { all, bad, badContent, type CosmosManager, startCosmosManager } from "../testing/cosmos-manager.ts";
import { type PutContainer, putContainer } from "../testing/put-container.ts";

let { rm, sql } = {} as CosmosManager;
let put: PutContainer;

beforeAll(async () => {
  const manager = await startCosmosManager();
  ({ rm, sql } = manager);
  put = putContainer(sql);
  await manager.createAccount("server");
  await sql.createUpdateSqlDatabase("rg", "server", "db", { resource: { id: "db" } });
});

afterAll(() => rm.close());

describe("databases and containers", () => {
  test("are made, read, listed and deleted with what is in them", async () => {
    const database = await sql.createUpdateSqlDatabase("rg", "server", "shop", { resource: { id: "shop" } });
    expect(database).toMatchObject({
      name: "shop",
      type: "Microsoft.DocumentDB/databaseAccounts/sqlDatabases",
      resource: { id: "shop", rid: expect.stringMatching(/==$/), colls: "colls/", users: "users/" },
    });
    expect(await sql.getSqlDatabase("rg", "server", "shop")).toEqual(database);
    const container = await put(
      "orders",
      {
        partitionKey: { paths: ["/tenantId", "/orderId"], kind: "MultiHash", version: 2 },
        defaultTtl: 3600,
        uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/number"] }] },
      },
      undefined,
      "server",
      "shop",
    );
    expect(container).toMatchObject({
      name: "orders",
      resource: {
        id: "orders",
        partitionKey: { paths: ["/tenantId", "/orderId"], kind: "MultiHash", version: 2 },
        defaultTtl: 3600,
        uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/number"] }] },
        indexingPolicy: { indexingMode: "consistent", automatic: true },
        conflictResolutionPolicy: { mode: "LastWriterWins", conflictResolutionPath: "/_ts" },
        rid: expect.any(String),
        etag: expect.any(String),
      },
    });
    expect(await sql.getSqlContainer("rg", "server", "shop", "orders")).toEqual(container);
    expect((await all(sql.listSqlDatabases("rg", "server"))).map(({ name }) => name)).toEqual(["db", "shop"]);
    expect((await all(sql.listSqlContainers("rg", "server", "shop"))).map(({ name }) => name)).toEqual([
      "orders",
    ]);
    await sql.deleteSqlDatabase("rg", "server", "shop");
    expect(rm.resources.get(container.id ?? "")).toBeUndefined();
    expect(rm.resources.get(`${container.id}/throughputSettings/default`)).toBeUndefined();
    expect(await refusalOf(sql.getSqlDatabase("rg", "server", "shop"))).toEqual({
      status: 404,
      code: "NotFound",
      message: "Resource Not Found. Learn more: https://aka.ms/cosmosdb-tsg-not-found <activity>",
    });
    await sql.deleteSqlDatabase("rg", "server", "shop");
  });

  test("a container changes its TTL and indexing, keeps its identity, and is deleted", async () => {
    const before = await put("mutable", { uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/a"] }] } });
    const same = { uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/a"] }] } };
    const after = await put("mutable", { ...same, defaultTtl: -1 });
    expect(after.resource).toMatchObject({ defaultTtl: -1, rid: before.resource?.rid });
    expect(after.resource?.etag).not.toBe(before.resource?.etag);
    expect(await refusalOf(put("mutable", { partitionKey: { paths: ["/other"], kind: "Hash" } }))).toEqual(
      bad("Document collection partition key cannot be changed."),
    );
    expect(await refusalOf(put("mutable"))).toEqual({
      status: 403,
      code: "Forbidden",
      message:
        "The unique index cannot be modified. To change the unique index, remove the collection and re-create a new one. <activity>",
    });
    await sql.deleteSqlContainer("rg", "server", "db", "mutable");
    expect(await refusalOf(sql.getSqlContainer("rg", "server", "db", "mutable"))).toMatchObject({
      status: 404,
    });
  });

  test.each<[string, Partial<SqlContainerResource>, Refusal]>([
    [
      "another id than the path's",
      { id: "other" },
      bad("The id 'other' in the body is not the name 'refused' in the path."),
    ],
    [
      "four partition key paths",
      { partitionKey: { paths: ["/a", "/b", "/c", "/d"], kind: "MultiHash", version: 2 } },
      bad("A container needs a partition key of 1 to 3 paths."),
    ],
    [
      "two paths of kind Hash",
      { partitionKey: { paths: ["/a", "/b"], kind: "Hash" } },
      bad("A partition key of kind Hash has one path."),
    ],
    [
      "a hierarchical key of version 1",
      { partitionKey: { paths: ["/a", "/b"], kind: "MultiHash", version: 1 } },
      bad("A hierarchical partition key (MultiHash) has version 2."),
    ],
    [
      "a path without a slash",
      { partitionKey: { paths: ["a"], kind: "Hash" } },
      bad('The partition key path "a" is invalid.'),
    ],
    ["a TTL of 0", { defaultTtl: 0 }, bad("The defaultTtl 0 must be -1 or a positive whole number.")],
    [
      "an analytical store",
      { analyticalStorageTtl: -1 },
      badContent("properties.resource.analyticalStorageTtl: is not supported by this local cloud"),
    ],
  ])("a container is refused for %s", async (_what, resource, refusal) => {
    expect(await refusalOf(put("refused", resource))).toEqual(refusal);
  });

  test("names that differ in case only cannot both be", async () => {
    await put("cased");
    expect((await refusalOf(put("CASED"))).message).toMatch(
      /^'CASED' differs from the existing 'cased' \(.*\) in upper and lower case only\. <activity>$/,
    );
  });
});
