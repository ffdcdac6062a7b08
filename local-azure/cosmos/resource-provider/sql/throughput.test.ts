import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { operationRefusal, type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import { bad, type CosmosManager, startCosmosManager } from "../testing/cosmos-manager.ts";
import { type PutContainer, putContainer, type ThroughputOptions } from "../testing/put-container.ts";

let { rm, sql } = {} as CosmosManager;
let put: PutContainer;

beforeAll(async () => {
  const manager = await startCosmosManager();
  ({ rm, sql } = manager);
  put = putContainer(sql);
  await manager.createAccount("server");
  await manager.createAccount("serverless", { capabilities: [{ name: "EnableServerless" }] });
  await sql.createUpdateSqlDatabase("rg", "serverless", "db", { resource: { id: "db" } });
  await sql.createUpdateSqlDatabase("rg", "server", "db", { resource: { id: "db" } });
});

afterAll(() => rm.close());

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
    const change = (resource: ThroughputOptions) =>
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

  test.each<[ThroughputOptions, string]>([
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
