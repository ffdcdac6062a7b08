import type { DatabaseAccountCreateUpdateParameters } from "@azure/arm-cosmosdb";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import {
  bad,
  badContent,
  type CosmosManager,
  minimalAccount,
  startCosmosManager,
} from "../testing/cosmos-manager.ts";

type Parameters = DatabaseAccountCreateUpdateParameters;

let { rm, client } = {} as CosmosManager;

beforeAll(async () => {
  ({ rm, client } = await startCosmosManager());
});

afterAll(() => rm.close());

const put = (name: string, change: Partial<Parameters> = {}) =>
  client.databaseAccounts.createOrUpdate("rg", name, { ...minimalAccount, ...change });

describe("an account is refused", () => {
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
      badContent("properties.locations: Too small: expected array to have >=1 items"),
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
      badContent("properties.minimalTlsVersion: must be 'Tls12': this local cloud speaks no older TLS"),
    ],
    [
      "analytical storage and a key vault key, both named",
      "analytical",
      { enableAnalyticalStorage: true, keyVaultKeyUri: "https://v.vault.azure.net/keys/k" },
      badContent(
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
    const again = client.databaseAccounts.createOrUpdate("other", "taken", minimalAccount);
    expect(await refusalOf(again)).toEqual(bad("Dns record for taken under zone Document is already taken."));
  });

  test("for becoming serverless", async () => {
    await put("server");
    expect(await refusalOf(put("server", { capabilities: [{ name: "EnableServerless" }] }))).toEqual(
      bad("The capability 'EnableServerless' can be neither added to an account nor removed."),
    );
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
