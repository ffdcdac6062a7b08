import type { DatabaseAccountCreateUpdateParameters } from "@azure/arm-cosmosdb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { refusalOf } from "../../../arm/testing/refusal.ts";
import { all, type CosmosManager, minimalAccount, startCosmosManager } from "../testing/cosmos-manager.ts";

type Parameters = DatabaseAccountCreateUpdateParameters;

let { rm, client } = {} as CosmosManager;

beforeAll(async () => {
  ({ rm, client } = await startCosmosManager());
});

afterAll(() => rm.close());

const put = (name: string, change: Partial<Parameters> = {}) =>
  client.databaseAccounts.createOrUpdate("rg", name, { ...minimalAccount, ...change });

describe("an account", () => {
  test("is made with Azure's defaults, found and listed, and taken away with its port", async () => {
    const id = `${rm.subscription}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/plain`;
    const made = await put("plain", { tags: { team: "orders" } });
    const port = rm.platform.ports.find(id);
    expect(made).toMatchObject({
      id,
      name: "plain",
      type: "Microsoft.DocumentDB/databaseAccounts",
      kind: "GlobalDocumentDB",
      location: "West Europe",
      tags: { team: "orders" },
      identity: { type: "None" },
      provisioningState: "Succeeded",
      documentEndpoint: `https://localhost:${port}/`,
      databaseAccountOfferType: "Standard",
      consistencyPolicy: {
        defaultConsistencyLevel: "Session",
        maxIntervalInSeconds: 5,
        maxStalenessPrefix: 100,
      },
      disableLocalAuth: false,
      disableKeyBasedMetadataWriteAccess: false,
      publicNetworkAccess: "Enabled",
      minimalTlsVersion: "Tls12",
      ipRules: [],
      capabilities: [],
      backupPolicy: {
        type: "Periodic",
        periodicModeProperties: {
          backupIntervalInMinutes: 240,
          backupRetentionIntervalInHours: 8,
          backupStorageRedundancy: "Geo",
        },
      },
      writeLocations: [
        {
          id: "plain-westeurope",
          locationName: "West Europe",
          failoverPriority: 0,
          documentEndpoint: `https://localhost:${port}/`,
        },
      ],
      readLocations: [{ id: "plain-westeurope" }],
      failoverPolicies: [{ id: "plain-westeurope", locationName: "West Europe", failoverPriority: 0 }],
      keysMetadata: { primaryMasterKey: { generationTime: rm.clock.now() } },
    });
    expect(JSON.stringify(made)).not.toContain(Object.values(rm.resources.get(id)?.internal.keys ?? {})[0]);
    expect(await client.databaseAccounts.get("rg", "plain")).toEqual(made);
    expect((await all(client.databaseAccounts.list())).map(({ name }) => name)).toEqual(["plain"]);
    expect((await all(client.databaseAccounts.listByResourceGroup("rg"))).length).toBe(1);
    expect(await all(client.databaseAccounts.listByResourceGroup("other"))).toEqual([]);
    expect(await client.databaseAccounts.checkNameExists("plain")).toMatchObject({ body: true });
    await client.databaseAccounts.delete("rg", "plain");
    expect(await client.databaseAccounts.checkNameExists("plain")).toMatchObject({ body: false });
    expect(rm.platform.ports.find(id)).toBeUndefined();
    await client.databaseAccounts.delete("rg", "plain");
  });

  test("keeps what it is given and what it was born with through PUT and PATCH", async () => {
    const made = await put("changing", { identity: { type: "SystemAssigned" } });
    const principalId = made.identity?.principalId ?? "";
    expect(rm.entra.directory.find(principalId)).toMatchObject({ servicePrincipalType: "ManagedIdentity" });
    const strict = {
      disableLocalAuth: true,
      disableKeyBasedMetadataWriteAccess: true,
      ipRules: [{ ipAddressOrRange: "127.0.0.1" }],
    };
    const changed = await put("changing", { identity: { type: "SystemAssigned" }, ...strict });
    expect(changed).toEqual({ ...made, ...strict });
    const patched = await client.databaseAccounts.update("rg", "changing", { tags: { a: "b" } });
    expect(patched).toEqual({ ...changed, tags: { a: "b" } });
    const without = await client.databaseAccounts.update("rg", "changing", { identity: { type: "None" } });
    expect(without.identity).toMatchObject({ type: "None", principalId: undefined });
    expect(rm.entra.directory.find(principalId)).toBeUndefined();
  });

  test("may span regions", async () => {
    const { readLocations, writeLocations } = await put("regions", {
      locations: [
        { locationName: "North Europe", failoverPriority: 1 },
        { locationName: "westeurope", failoverPriority: 0 },
      ],
    });
    const names = (locations: typeof readLocations) => locations?.map(({ locationName }) => locationName);
    expect(names(readLocations)).toEqual(["West Europe", "North Europe"]);
    expect(names(writeLocations)).toEqual(["West Europe"]);
  });
});

test("a second change of an account under way is refused", async () => {
  await put("busy");
  const open = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  rm.resources.observe((change) => {
    if (change.kind !== "put" || change.after.name !== "busy") return;
    if (change.after.properties.provisioningState !== "Succeeded") return;
    reached.resolve();
    return open.promise;
  });
  const first = put("busy", { tags: { a: "b" } });
  const begun = first.then(() => "done");
  await reached.promise;
  expect(await refusalOf(put("busy", { tags: { a: "c" } }))).toEqual({
    status: 412,
    code: "PreconditionFailed",
    message:
      "There is another user operation in progress which requires an exclusive lock on [busy]. Please retry after sometime. <activity>",
  });
  open.resolve();
  expect(await begun).toBe("done");
});

test("operations name every control-plane action", async () => {
  const names = (await all(client.operations.list())).map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      "Microsoft.DocumentDB/databaseAccounts/read",
      "Microsoft.DocumentDB/databaseAccounts/listKeys/action",
      "Microsoft.DocumentDB/databaseAccounts/readonlykeys/read",
      "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/write",
    ]),
  );
});
