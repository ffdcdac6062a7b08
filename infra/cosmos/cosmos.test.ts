import { describe, expect, test } from "@jest/globals";
import { CONTAINER, GROUP, ofType, only, run, tags } from "../testing/dev-stack.ts";
import { adviseOnChange } from "./change-advice.ts";

test("an account that takes no keys", async () => {
  expect(only(await run(), "azure-native:cosmosdb:DatabaseAccount").inputs).toEqual({
    resourceGroupName: GROUP,
    accountName: expect.stringMatching(/^cosmos-dev-[a-z2-7]{8}$/),
    location: "westeurope",
    tags,
    kind: "GlobalDocumentDB",
    createMode: "Default",
    databaseAccountOfferType: "Standard",
    locations: [{ locationName: "westeurope", failoverPriority: 0, isZoneRedundant: false }],
    consistencyPolicy: { defaultConsistencyLevel: "Session" },
    backupPolicy: { type: "Continuous", continuousModeProperties: { tier: "Continuous7Days" } },
    disableLocalAuth: true,
    disableKeyBasedMetadataWriteAccess: true,
    minimalTlsVersion: "Tls12",
    publicNetworkAccess: "Enabled",
  });
});

test("a database, and containers with plain and hierarchical keys", async () => {
  const recording = await run();
  const names = {
    accountName: expect.stringMatching(/^cosmos-dev-/),
    resourceGroupName: GROUP,
    databaseName: "orders",
  };
  expect(only(recording, "azure-native:cosmosdb:SqlResourceSqlDatabase").inputs).toEqual({
    ...names,
    resource: { id: "orders" },
  });
  expect(ofType(recording, CONTAINER).map(({ inputs }) => inputs)).toEqual([
    {
      ...names,
      containerName: "audit",
      resource: { id: "audit", partitionKey: { kind: "Hash", paths: ["/tenantId"], version: 2 } },
      options: { autoscaleSettings: { maxThroughput: 1000 } },
    },
    {
      ...names,
      containerName: "orders",
      resource: {
        id: "orders",
        partitionKey: { kind: "MultiHash", paths: ["/tenantId", "/orderId"], version: 2 },
      },
      options: { autoscaleSettings: { maxThroughput: 1000 } },
    },
  ]);
});

test("serverless accounts get the capability and no throughput", async () => {
  const containers = { orders: { partitionKey: ["/tenantId"] } };
  const recording = await run({
    "keyless-cosmos:cosmos": {
      capacity: "serverless",
      backup: "continuous30Days",
      databases: { orders: { containers } },
    },
  });
  expect(only(recording, "azure-native:cosmosdb:DatabaseAccount").inputs).toMatchObject({
    capabilities: [{ name: "EnableServerless" }],
    backupPolicy: { continuousModeProperties: { tier: "Continuous30Days" } },
  });
  expect(only(recording, CONTAINER).inputs).not.toHaveProperty("options");
});

describe("data is hard to lose", () => {
  const guarded = [
    "azure-native:resources:ResourceGroup",
    "azure-native:cosmosdb:DatabaseAccount",
    "azure-native:cosmosdb:SqlResourceSqlDatabase",
    CONTAINER,
  ];

  test.each([["refused"], ["allowed"]])("with dataLoss %s", async (dataLoss) => {
    const { registrations } = await run({ "keyless-cosmos:dataLoss": dataLoss });
    const isProtected = registrations.filter(({ protect }) => protect).map(({ type }) => type);
    expect([...new Set(isProtected)]).toEqual(dataLoss === "refused" ? guarded : []);
  });

  test("a changed partition key is a replacement, and the advice is asked first (pain 6)", async () => {
    const recording = await run();
    for (const { replaceOnChanges, deleteBeforeReplace, parent } of ofType(recording, CONTAINER)) {
      expect(replaceOnChanges).toEqual(["resource.partitionKey"]);
      expect(deleteBeforeReplace).toBe(true);
      expect(parent).toContain("keyless-cosmos:cosmos:CosmosContainer::");
    }
    for (const { beforeUpdateHooks } of ofType(recording, "keyless-cosmos:cosmos:CosmosContainer")) {
      expect(beforeUpdateHooks).toEqual(["change-advice"]);
    }
  });
});

describe("advice on a change that Cosmos DB cannot make", () => {
  const before = {
    database: "orders",
    container: "audit",
    partitionKey: ["/tenantId"],
    protect: true,
  } as const;

  test("none, when nothing of the kind changes", () => {
    const autoscale = { mode: "autoscale" } as const;
    expect(adviseOnChange(before, { ...before, protect: false })).toEqual([]);
    expect(
      adviseOnChange({ ...before, throughput: autoscale }, { ...before, throughput: autoscale }),
    ).toEqual([]);
    expect(adviseOnChange(before, { ...before, throughput: autoscale })).toEqual([]);
  });

  test("a new partition key of a protected container is an error with the way to migrate", () => {
    expect(adviseOnChange(before, { ...before, partitionKey: ["/tenantId", "/id"] })).toEqual([
      {
        severity: "error",
        message: [
          "The partition key of container orders/audit changes from [/tenantId] to [/tenantId, /id], and Cosmos DB cannot change it in place; replacing the container would delete its items, so it is protected. To migrate:",
          "  1. Set the partition key of audit back and declare a second container with the new key, e.g. audit-v2.",
          "  2. Grant the workloads the new container beside the old one, and deploy.",
          "  3. Copy the items: a container copy job (az cosmosdb copy create), or the change feed while writers go on.",
          "  4. Point the workloads at the new container, and deploy them.",
          "  5. When nothing reads the old container any more: pulumi state unprotect its URN, remove it and its grants from the settings, and deploy.",
          "If its items may be lost, set keyless-cosmos:dataLoss to allowed instead.",
        ].join("\n"),
      },
    ]);
  });

  test("where data may be lost it is a warning that says so", () => {
    expect(adviseOnChange(before, { ...before, partitionKey: ["/id"], protect: false })).toEqual([
      {
        severity: "warning",
        message:
          "The partition key of container orders/audit changes from [/tenantId] to [/id], and Cosmos DB cannot change it in place: the container is deleted with all its items and made anew, because keyless-cosmos:dataLoss is allowed.",
      },
    ]);
  });

  test.each([
    [
      before,
      "az cosmosdb sql container throughput migrate -d orders -n audit -a <account> -g <resource group> -t manual",
    ],
    [
      { database: "orders" },
      "az cosmosdb sql database throughput migrate -n orders -a <account> -g <resource group> -t manual",
    ],
  ])("a change between autoscale and manual names the command that converts (pain 7)", (store, command) => {
    const [advice] = adviseOnChange(
      { ...store, throughput: { mode: "autoscale" } },
      { ...store, throughput: { mode: "manual" } },
    );
    expect(advice?.severity).toBe("warning");
    expect(advice?.message).toContain(`Unless you have done so already, convert it first: ${command}`);
  });
});
