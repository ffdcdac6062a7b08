import { describe, expect, test } from "@jest/globals";
import type { AutonamingProposal } from "../../provider/provider.ts";
import { UNKNOWN, type Values } from "../../provider/values.ts";
import { allResourceTypes, resourceType } from "../schema/catalog.ts";
import { autoname } from "./autoname.ts";
import { validateInputs } from "./validate.ts";

const seed = Buffer.from("a seed of the engine");
const named = (
  token: string,
  olds: Values,
  news: Values,
  proposal?: AutonamingProposal,
  from: Uint8Array = seed,
) => autoname(resourceType(`azure-native:${token}`).entry, olds, news, "orders", from, proposal);

describe("autoname", () => {
  test("random: the logical name, eight hex characters of the seed, and the mark of creation first", () => {
    const first = named("cosmosdb:DatabaseAccount", {}, {});
    expect(first).toEqual({
      accountName: expect.stringMatching(/^orders[0-9a-f]{8}$/),
      __createBeforeDelete: true,
    });
    expect(named("cosmosdb:DatabaseAccount", {}, {})).toEqual(first);
    expect(named("cosmosdb:DatabaseAccount", {}, {}, undefined, Buffer.from("another"))).not.toEqual(first);
    expect(named("cosmosdb:DatabaseAccount", {}, {}, undefined, new Uint8Array())).not.toEqual(
      named("cosmosdb:DatabaseAccount", {}, {}, undefined, new Uint8Array()),
    );
  });

  test("copy: the logical name, without a mark", () => {
    expect(named("cosmosdb:SqlResourceSqlDatabase", {}, {})).toEqual({ databaseName: "orders" });
  });

  test("uuid: a UUID of the seed, with the mark", () => {
    const first = named("cosmosdb:SqlResourceSqlRoleDefinition", {}, {});
    expect(first).toEqual({
      roleDefinitionId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      __createBeforeDelete: true,
    });
    expect(named("cosmosdb:SqlResourceSqlRoleDefinition", {}, {})).toEqual(first);
  });

  test("an explicit name stays, and an old name with its mark is kept", () => {
    expect(named("cosmosdb:DatabaseAccount", {}, { accountName: "mine" })).toEqual({});
    const old = { accountName: "orders12345678", __createBeforeDelete: true };
    expect(named("cosmosdb:DatabaseAccount", old, {})).toEqual(old);
    expect(named("cosmosdb:DatabaseAccount", { accountName: "x" }, {})).toEqual({ accountName: "x" });
  });

  test.each<[AutonamingProposal["mode"], string, Values]>([
    ["disable", "cosmosdb:DatabaseAccount", {}],
    ["enforce", "cosmosdb:SqlResourceSqlDatabase", { databaseName: "proposed" }],
    ["propose", "cosmosdb:DatabaseAccount", { accountName: "proposed", __createBeforeDelete: true }],
    ["propose", "cosmosdb:SqlResourceSqlDatabase", { databaseName: "proposed" }],
    [
      "propose",
      "cosmosdb:SqlResourceSqlRoleDefinition",
      {
        roleDefinitionId: expect.not.stringMatching("proposed") as unknown as string,
        __createBeforeDelete: true,
      },
    ],
  ])("the stack's setting %s for %s", (mode, token, expected) => {
    expect(named(token, {}, {}, { mode, name: "proposed" })).toEqual(expected);
  });
});

describe("validateInputs", () => {
  const account = {
    resourceGroupName: "rg",
    accountName: "acct",
    databaseAccountOfferType: "Standard",
    locations: [],
  };
  test.each<[string, string, Values, readonly string[]]>([
    ["complete inputs", "cosmosdb:DatabaseAccount", account, []],
    [
      "unknown values and unknown extra inputs",
      "cosmosdb:DatabaseAccount",
      { ...account, tags: UNKNOWN, extra: 1 },
      [],
    ],
    [
      "everything missing, at once",
      "cosmosdb:DatabaseAccount",
      {},
      [
        "missing required property 'databaseAccountOfferType'",
        "missing required property 'locations'",
        "missing required property 'resourceGroupName'",
      ],
    ],
    [
      "wrong types, also inside",
      "cosmosdb:DatabaseAccount",
      { ...account, disableLocalAuth: "yes", tags: "x", cors: {}, locations: [{ failoverPriority: "0" }] },
      [
        "'cors' should be of type 'array' but got an object",
        "'disableLocalAuth' should be of type 'boolean' but got a string",
        "'locations[0].failoverPriority' should be of type 'number' but got a string",
        "'tags' should be of type 'object' but got a string",
      ],
    ],
    [
      "a missing property of a nested object",
      "cosmosdb:SqlResourceSqlDatabase",
      { resourceGroupName: "rg", accountName: "acct", databaseName: "db", resource: {} },
      ["missing required property 'resource.id'"],
    ],
    [
      "a name that is too short and one that does not match",
      "cosmosdb:DatabaseAccount",
      { ...account, accountName: "AB" },
      [
        "'accountName' is too short (2): at least 3 characters required",
        "'accountName' does not match expression '^[a-z0-9]+(-[a-z0-9]+)*'",
      ],
    ],
    [
      "a name that is too long",
      "storage:StorageAccount",
      {
        resourceGroupName: "rg",
        accountName: "a".repeat(25),
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
      },
      ["'accountName' is too long (25): at most 24 characters allowed"],
    ],
    [
      "the variant of a union that the discriminator names",
      "cosmosdb:DatabaseAccount",
      {
        ...account,
        backupPolicy: { type: "Periodic", periodicModeProperties: { backupIntervalInMinutes: "60" } },
      },
      [
        "'backupPolicy.periodicModeProperties.backupIntervalInMinutes' should be of type 'number' but got a string",
      ],
    ],
  ])("%s", (_, token, inputs, expected) => {
    const { entry, types } = resourceType(`azure-native:${token}`);
    expect([...validateInputs(entry, types, inputs)].sort()).toEqual([...expected].sort());
  });

  test("every property of every table has a type that the tables explain", () => {
    for (const { entry, types } of allResourceTypes()) {
      const names = [entry.inputs, entry.outputs, ...Object.values(types)].flatMap((properties) =>
        Object.values(properties).flatMap(({ type }) =>
          type.split("|").map((part) => part.replaceAll(/\[\]|\{\}/g, "")),
        ),
      );
      const unexplained = names.filter((name) => /^[A-Z]/.test(name) && types[name] === undefined);
      expect(unexplained).toEqual([]);
    }
  });
});
