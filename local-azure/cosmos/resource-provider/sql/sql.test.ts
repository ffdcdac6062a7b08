import { CosmosDBManagementClient, type SqlContainerResource } from "@azure/arm-cosmosdb";
import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { operationRefusal, type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import { startResourceManager, type TestResourceManager } from "../../../arm/testing/resource-manager.ts";

let rm: TestResourceManager;
let sql: CosmosDBManagementClient["sqlResources"];

beforeAll(async () => {
  rm = await startResourceManager();
  const { subscriptionId } = rm.platform;
  const client = new CosmosDBManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  const resources = new ResourceManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  await resources.resourceGroups.createOrUpdate("rg", { location: "westeurope" });
  for (const [name, capabilities] of [
    ["server", []],
    ["serverless", [{ name: "EnableServerless" }]],
  ] as const) {
    await client.databaseAccounts.createOrUpdate("rg", name, {
      location: "westeurope",
      databaseAccountOfferType: "Standard",
      locations: [{ locationName: "westeurope" }],
      capabilities: [...capabilities],
    });
  }
  sql = client.sqlResources;
  await sql.createUpdateSqlDatabase("rg", "server", "db", { resource: { id: "db" } });
  await sql.createUpdateSqlDatabase("rg", "serverless", "db", { resource: { id: "db" } });
});

afterAll(() => rm.close());

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

interface Options {
  readonly throughput?: number;
  readonly autoscaleSettings?: { readonly maxThroughput: number };
}

const tenant = { paths: ["/tenantId"], kind: "Hash" };

const put = (
  id: string,
  resource: Partial<SqlContainerResource> = {},
  options?: Options,
  account = "server",
  database = "db",
) =>
  sql.createUpdateSqlContainer("rg", account, database, id, {
    resource: { id, partitionKey: tenant, ...resource },
    ...(options === undefined ? {} : { options }),
  });

const bad = (message: string): Refusal => ({
  status: 400,
  code: "BadRequest",
  message: `${message} <activity>`,
});

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

  const content = (fault: string): Refusal => ({
    status: 400,
    code: "InvalidRequestContent",
    message: `The request content was invalid and could not be deserialized: '${fault}'.`,
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
      content("properties.resource.analyticalStorageTtl: is not supported by this local cloud"),
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

describe("throughput", () => {
  const settings = async (container: string) =>
    (await sql.getSqlContainerThroughput("rg", "server", "db", container)).resource;
  const noSettings: Refusal = {
    status: 404,
    code: "NotFound",
    message: "The requested throughput settings do not exist: no throughput is set here itself. <activity>",
  };

  test("is 400 RU/s where nobody says otherwise, changes in its mode, and migrates between modes", async () => {
    await put("manual");
    expect(await settings("manual")).toMatchObject({ throughput: 400, minimumThroughput: "400" });
    await put("manual", {}, { throughput: 1200 });
    expect(await settings("manual")).toMatchObject({ throughput: 1200 });
    const autoscale = { autoscaleSettings: { maxThroughput: 4000 } };
    const refused =
      "BadRequest. Updating offer to autoscale throughput is not allowed. Please invoke migration API to migrate this offer. <activity>";
    expect(await operationRefusal(put("manual", {}, autoscale))).toBe(refused);
    const change = (resource: Options) =>
      sql.updateSqlContainerThroughput("rg", "server", "db", "manual", { resource });
    expect(await operationRefusal(change(autoscale))).toBe(refused);

    const migrated = await sql.migrateSqlContainerToAutoscale("rg", "server", "db", "manual");
    expect(migrated.resource).toMatchObject({ throughput: 200, autoscaleSettings: { maxThroughput: 2000 } });
    await change(autoscale);
    expect(await settings("manual")).toMatchObject({ autoscaleSettings: { maxThroughput: 4000 } });
    expect(await operationRefusal(change({ throughput: 800 }))).toBe(
      "BadRequest. Updating offer to manually provisioned throughput is not allowed. Please invoke migration API to migrate this offer. <activity>",
    );
    expect(await operationRefusal(sql.migrateSqlContainerToAutoscale("rg", "server", "db", "manual"))).toBe(
      "BadRequest. The throughput is autoscaled already. <activity>",
    );
    await sql.migrateSqlContainerToManualThroughput("rg", "server", "db", "manual");
    expect(await settings("manual")).toMatchObject({ throughput: 4000, autoscaleSettings: undefined });
  });

  test("may be shared by a database; its containers have none of their own then", async () => {
    const options = { autoscaleSettings: { maxThroughput: 1000 } };
    await sql.createUpdateSqlDatabase("rg", "server", "shared", { resource: { id: "shared" }, options });
    await put("sharing", {}, undefined, "server", "shared");
    const { resource } = await sql.getSqlDatabaseThroughput("rg", "server", "shared");
    expect(resource).toMatchObject({ throughput: 100, autoscaleSettings: { maxThroughput: 1000 } });
    expect(await refusalOf(sql.getSqlContainerThroughput("rg", "server", "shared", "sharing"))).toEqual(
      noSettings,
    );
    expect(await operationRefusal(put("sharing", {}, { throughput: 400 }, "server", "shared"))).toBe(
      "BadRequest. Throughput cannot be set on a container that shares its database's. <activity>",
    );
    await sql.migrateSqlDatabaseToManualThroughput("rg", "server", "shared");
    await sql.updateSqlDatabaseThroughput("rg", "server", "shared", { resource: { throughput: 500 } });
    await sql.migrateSqlDatabaseToAutoscale("rg", "server", "shared");
    expect((await sql.getSqlDatabaseThroughput("rg", "server", "shared")).resource).toMatchObject({
      autoscaleSettings: { maxThroughput: 1000 },
    });
  });

  test("is not for serverless accounts", async () => {
    await put("serverless", {}, undefined, "serverless");
    expect(await refusalOf(sql.getSqlContainerThroughput("rg", "serverless", "db", "serverless"))).toEqual(
      noSettings,
    );
    expect(await refusalOf(put("priced", {}, { throughput: 400 }, "serverless"))).toEqual(
      bad("Setting offer throughput or autopilot on container is not supported for serverless accounts."),
    );
  });

  test.each<[Options, string]>([
    [
      { throughput: 300 },
      "The offer should have valid throughput values between 400 and 1000000 inclusive in increments of 100.",
    ],
    [
      { throughput: 450 },
      "The offer should have valid throughput values between 400 and 1000000 inclusive in increments of 100.",
    ],
    [
      { autoscaleSettings: { maxThroughput: 1500 } },
      "The offer should have a valid autoscale maxThroughput between 1000 and 1000000 inclusive in increments of 1000.",
    ],
    [
      { throughput: 400, autoscaleSettings: { maxThroughput: 1000 } },
      "Either throughput or autoscaleSettings may be set, not both.",
    ],
  ])("of %j is refused", async (options, message) => {
    expect(await refusalOf(put("priced", {}, options))).toEqual(bad(message));
  });
});
