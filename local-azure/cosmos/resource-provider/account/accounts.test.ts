import { CosmosDBManagementClient, type DatabaseAccountCreateUpdateParameters } from "@azure/arm-cosmosdb";
import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import { startResourceManager, type TestResourceManager } from "../../../arm/testing/resource-manager.ts";

let rm: TestResourceManager;
let client: CosmosDBManagementClient;

beforeAll(async () => {
  rm = await startResourceManager();
  const { subscriptionId } = rm.platform;
  client = new CosmosDBManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  const resources = new ResourceManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  for (const name of ["rg", "other"]) {
    await resources.resourceGroups.createOrUpdate(name, { location: "westeurope" });
  }
});

afterAll(() => rm.close());

type Parameters = DatabaseAccountCreateUpdateParameters;

const minimal: Parameters = {
  location: "westeurope",
  databaseAccountOfferType: "Standard",
  locations: [{ locationName: "westeurope" }],
};

const put = (name: string, change: Partial<Parameters> = {}) =>
  client.databaseAccounts.createOrUpdate("rg", name, { ...minimal, ...change });

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

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

test("backup goes to continuous alone, changes its tier alone, and never goes back", async () => {
  const continuous = (tier: string) => ({
    backupPolicy: { type: "Continuous" as const, continuousModeProperties: { tier } },
  });
  await put("backup");
  const refused = (message: string) => ({
    message: `${message} <activity>`,
    code: "BadRequest",
    status: 400,
  });
  const both = "Cannot update continuous backup mode and other properties at the same time.";
  const week = continuous("Continuous7Days");
  expect(await refusalOf(put("backup", { ...week, disableLocalAuth: true }))).toEqual(refused(both));
  expect(await refusalOf(put("backup", { ...week, tags: { a: "b" } }))).toEqual(refused(both));
  expect(await put("backup", week)).toMatchObject(week);
  expect(await put("backup", { disableLocalAuth: true })).toMatchObject(week);
  expect(await refusalOf(put("backup", continuous("Continuous30Days")))).toEqual(
    refused("Cannot update Continuous Mode Tier and other properties at the same time."),
  );
  expect(await put("backup", { ...continuous("Continuous30Days"), disableLocalAuth: true })).toMatchObject(
    continuous("Continuous30Days"),
  );
  expect(
    await refusalOf(
      put("backup", {
        backupPolicy: { type: "Periodic", periodicModeProperties: {} },
        disableLocalAuth: true,
      }),
    ),
  ).toEqual(refused("Continuous backup mode cannot be disabled once it is enabled."));
});

describe("an account is refused", () => {
  const bad = (message: string): Refusal => ({
    status: 400,
    code: "BadRequest",
    message: `${message} <activity>`,
  });
  const content = (fault: string): Refusal => ({
    status: 400,
    code: "InvalidRequestContent",
    message: `The request content was invalid and could not be deserialized: '${fault}'.`,
  });

  test.each<[string, string, Partial<Parameters>, Refusal]>([
    [
      "a capital letter",
      "Upper",
      {},
      bad("The character 'U' at index 0 is not allowed in the DatabaseAccount name"),
    ],
    [
      "a hyphen at the end",
      "ends-",
      {},
      bad("The character '-' at index 4 is not allowed in the DatabaseAccount name"),
    ],
    [
      "a name of 2 characters",
      "ab",
      {},
      bad("DatabaseAccount name must be at least 3 characters and at most 44 characters"),
    ],
    [
      "a name of 45 characters",
      "a".repeat(45),
      {},
      bad("DatabaseAccount name must be at least 3 characters and at most 44 characters"),
    ],
    [
      "another kind",
      "mongo-account",
      { kind: "MongoDB" },
      bad("The account kind 'MongoDB' is not supported by this local cloud."),
    ],
    [
      "another capability",
      "capable",
      { capabilities: [{ name: "EnableCassandra" }] },
      bad("The capability 'EnableCassandra' is not supported by this local cloud."),
    ],
    [
      "no locations",
      "nowhere",
      { locations: [] },
      content("properties.locations: Too small: expected array to have >=1 items"),
    ],
    [
      "gaps in failover priorities",
      "gaps",
      { locations: [{ locationName: "westeurope" }, { locationName: "northeurope", failoverPriority: 2 }] },
      bad("The failover priorities of 2 locations must be 0 to 1, each once."),
    ],
    [
      "a location twice",
      "twice",
      { locations: [{ locationName: "westeurope" }, { locationName: "West Europe", failoverPriority: 1 }] },
      bad("A location is listed more than once."),
    ],
    [
      "serverless in two regions",
      "serverless-two",
      {
        capabilities: [{ name: "EnableServerless" }],
        locations: [{ locationName: "westeurope" }, { locationName: "northeurope", failoverPriority: 1 }],
      },
      bad("A serverless account has a single location."),
    ],
    [
      "older TLS",
      "old-tls",
      { minimalTlsVersion: "Tls" },
      content("properties.minimalTlsVersion: must be 'Tls12': this local cloud speaks no older TLS"),
    ],
    [
      "analytical storage and a key vault key, both named",
      "analytical",
      { enableAnalyticalStorage: true, keyVaultKeyUri: "https://v.vault.azure.net/keys/k" },
      content(
        "properties.enableAnalyticalStorage: is not supported by this local cloud; properties.keyVaultKeyUri: is not supported by this local cloud",
      ),
    ],
    [
      "a user-assigned identity",
      "user-assigned",
      { identity: { type: "UserAssigned", userAssignedIdentities: { "/subscriptions/x": {} } } },
      bad("The identity type 'UserAssigned' on an account is not supported by this local cloud."),
    ],
  ])("for %s", async (_what, name, change, refusal) => {
    expect(await refusalOf(put(name, change))).toEqual(refusal);
    expect(await client.databaseAccounts.checkNameExists(name)).toMatchObject({ body: false });
  });

  test("for another offer type and for properties that do not exist", async () => {
    const path = `${rm.subscription}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/odd?api-version=2025-10-15`;
    const { body } = await rm.request("PUT", path, {
      body: {
        location: "westeurope",
        properties: {
          databaseAccountOfferType: "Premium",
          locations: [{ locationName: "westeurope" }],
          disableLocalAuthentication: true,
        },
      },
    });
    expect(body).toEqual({
      error: {
        code: "InvalidRequestContent",
        message:
          'The request content was invalid and could not be deserialized: \'properties.databaseAccountOfferType: Invalid input: expected "Standard"; properties: Unrecognized key: "disableLocalAuthentication"\'.',
      },
    });
  });

  test("under a name that another group has", async () => {
    await put("taken");
    const again = client.databaseAccounts.createOrUpdate("other", "taken", minimal);
    expect(await refusalOf(again)).toEqual(bad("Dns record for taken under zone Document is already taken."));
  });

  test("for becoming serverless", async () => {
    await put("server");
    expect(await refusalOf(put("server", { capabilities: [{ name: "EnableServerless" }] }))).toEqual(
      bad("The capability 'EnableServerless' can be neither added to an account nor removed."),
    );
  });
});

describe("keys", () => {
  test("are listed whole or read-only, put into connection strings, and made anew one by one", async () => {
    const account = await put("keyed", { disableLocalAuth: true });
    const keys = await client.databaseAccounts.listKeys("rg", "keyed");
    const all64 = Object.values(keys).map((key) => Buffer.from(String(key), "base64").length);
    expect(all64).toEqual([64, 64, 64, 64]);
    const { primaryReadonlyMasterKey, secondaryReadonlyMasterKey } = keys;
    const readOnly = { primaryReadonlyMasterKey, secondaryReadonlyMasterKey };
    expect(await client.databaseAccounts.listReadOnlyKeys("rg", "keyed")).toEqual(readOnly);
    expect(await client.databaseAccounts.getReadOnlyKeys("rg", "keyed")).toEqual(readOnly);
    const { connectionStrings = [] } = await client.databaseAccounts.listConnectionStrings("rg", "keyed");
    expect(connectionStrings).toHaveLength(4);
    expect(connectionStrings[0]).toEqual({
      connectionString: `AccountEndpoint=${account.documentEndpoint};AccountKey=${keys.primaryMasterKey};`,
      description: "Primary SQL Connection String",
      keyKind: "Primary",
      type: "Sql",
    });

    rm.clock.advance(60_000);
    await client.databaseAccounts.regenerateKey("rg", "keyed", { keyKind: "secondary" });
    const after = await client.databaseAccounts.listKeys("rg", "keyed");
    expect(after).toEqual({ ...keys, secondaryMasterKey: expect.any(String) });
    expect(after.secondaryMasterKey).not.toBe(keys.secondaryMasterKey);
    const { keysMetadata } = await client.databaseAccounts.get("rg", "keyed");
    expect(keysMetadata?.secondaryMasterKey?.generationTime).toEqual(rm.clock.now());
    expect(keysMetadata?.primaryMasterKey).toEqual(account.keysMetadata?.primaryMasterKey);
  });
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
