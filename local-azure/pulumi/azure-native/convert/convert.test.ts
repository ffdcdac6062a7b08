import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { UNKNOWN, type Value, type Values } from "../../provider/values.ts";
import { resourceType } from "../schema/catalog.ts";
import { importedInputs, inputsOfOutputs, mergeDrift } from "./inputs.ts";
import { previewOutputs, resourceOutputs } from "./outputs.ts";
import { requestBody } from "./request-body.ts";

const identity =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u";

describe("requestBody", () => {
  test.each<[string, string, Values, Values]>([
    [
      "flattened properties go under properties; path parameters, unknown inputs and the API version stay out",
      "azure-native:cosmosdb:DatabaseAccount",
      {
        resourceGroupName: "rg",
        accountName: "a",
        location: "westeurope",
        azureApiVersion: "2025-10-15",
        disableLocalAuth: true,
        locations: [{ locationName: "westeurope", failoverPriority: 0, nonsense: 1 }],
        backupPolicy: { type: "Continuous", continuousModeProperties: { tier: "Continuous7Days" } },
        identity: { type: "UserAssigned", userAssignedIdentities: [identity] },
        tags: { any: "tag" },
        nonsense: 1,
      },
      {
        location: "westeurope",
        tags: { any: "tag" },
        identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
        properties: {
          disableLocalAuth: true,
          locations: [{ locationName: "westeurope", failoverPriority: 0 }],
          backupPolicy: { type: "Continuous", continuousModeProperties: { tier: "Continuous7Days" } },
        },
      },
    ],
    [
      "a container that the service requires",
      "azure-native:cosmosdb:DatabaseAccount",
      {},
      { properties: {} },
    ],
    [
      "an input called properties is the ARM properties themselves",
      "azure-native:web:WebAppApplicationSettings",
      { name: "site", properties: { "A.B": "1" } },
      { properties: { "A.B": "1" } },
    ],
    [
      "other names on the wire, also inside",
      "azure-native:storage:StorageAccount",
      {
        enableHttpsTrafficOnly: true,
        networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "1.2.3.4" }] },
      },
      {
        properties: {
          supportsHttpsTrafficOnly: true,
          networkAcls: { defaultAction: "Deny", ipRules: [{ value: "1.2.3.4" }] },
        },
      },
    ],
    [
      "inner resources keep their own properties apart",
      "azure-native:network:VirtualNetwork",
      { subnets: [{ name: "a", addressPrefix: "10.0.0.0/24" }] },
      { properties: { subnets: [{ name: "a", properties: { addressPrefix: "10.0.0.0/24" } }] } },
    ],
    [
      "the type of a role definition",
      "azure-native:cosmosdb:SqlResourceSqlRoleDefinition",
      { type: "CustomRole", permissions: [{ dataActions: ["x"], notDataActions: [] }] },
      { properties: { type: "CustomRole", permissions: [{ dataActions: ["x"], notDataActions: [] }] } },
    ],
    [
      "a reference to a part of the resource itself",
      "azure-native:network:VirtualNetwork",
      { ddosProtectionPlan: { id: "$self/plans/p" } },
      { properties: { ddosProtectionPlan: { id: "/the/id/plans/p" } } },
    ],
  ])("%s", (_, token, inputs, expected) => {
    const { entry, types } = resourceType(token);
    expect(requestBody(entry, types, inputs, "/the/id")).toEqual(expected);
  });
});

describe("resourceOutputs", () => {
  test("declared fields only, flattened; nulls vanish, empty collections stay", () => {
    const { entry, types } = resourceType("azure-native:cosmosdb:DatabaseAccount");
    const body = {
      id: "/the/id",
      name: "a",
      type: "Microsoft.DocumentDB/databaseAccounts",
      location: "West Europe",
      undeclared: 1,
      properties: {
        documentEndpoint: "https://a/",
        cors: [],
        keyVaultKeyUri: null,
        undeclared: 1,
        readLocations: [{ id: "a-westeurope", locationName: "West Europe", undeclared: 1 }],
      },
    };
    expect(resourceOutputs(entry, types, body)).toEqual({
      id: "/the/id",
      name: "a",
      type: "Microsoft.DocumentDB/databaseAccounts",
      location: "West Europe",
      documentEndpoint: "https://a/",
      cors: [],
      readLocations: [{ id: "a-westeurope", locationName: "West Europe" }],
      azureApiVersion: "2025-10-15",
    });
  });

  test("system fields lose their underscore, and the top-level type wins over the one in properties", () => {
    const container = resourceType("azure-native:cosmosdb:SqlResourceSqlContainer");
    const body = { properties: { resource: { id: "c", _rid: "r", _ts: 1, _etag: "e" } } };
    expect(resourceOutputs(container.entry, container.types, body).resource).toEqual({
      id: "c",
      rid: "r",
      ts: 1,
      etag: "e",
    });

    const role = resourceType("azure-native:cosmosdb:SqlResourceSqlRoleDefinition");
    const definition = { type: "Microsoft.DocumentDB/…", properties: { type: "CustomRole" } };
    expect(resourceOutputs(role.entry, role.types, definition).type).toBe("Microsoft.DocumentDB/…");
  });
});

describe("previewOutputs", () => {
  test("outputs are what the inputs say, and unknown otherwise", () => {
    const { entry, types } = resourceType("azure-native:web:WebApp");
    const inputs = {
      name: "site",
      httpsOnly: true,
      identity: { type: "SystemAssigned" },
    };
    expect(previewOutputs(entry, types, inputs)).toMatchObject({
      name: "site",
      httpsOnly: true,
      identity: { type: "SystemAssigned", principalId: UNKNOWN },
      defaultHostName: UNKNOWN,
      azureApiVersion: "2025-05-01",
    });
    const withSet = previewOutputs(entry, types, { identity: { userAssignedIdentities: [identity] } });
    expect(withSet.identity).toMatchObject({ userAssignedIdentities: UNKNOWN });
  });
});

describe("inputs of a live resource", () => {
  const { entry, types } = resourceType("azure-native:web:WebApp");

  test("are the inputs among its outputs; a set is its keys again", () => {
    const outputs = {
      httpsOnly: true,
      defaultHostName: "site.azurewebsites.net",
      identity: {
        type: "UserAssigned",
        principalId: "p",
        userAssignedIdentities: { [identity]: { clientId: "c" } },
      },
    };
    expect(inputsOfOutputs(entry, types, outputs)).toEqual({
      httpsOnly: true,
      identity: { type: "UserAssigned", userAssignedIdentities: [identity] },
    });
  });

  test("of an import lack what is empty and have the path parameters", () => {
    const outputs = {
      tags: {},
      hostNameSslStates: [],
      siteConfig: { cors: { allowedOrigins: [] }, http20Enabled: true },
    };
    const parameters = { subscriptionId: "s", resourceGroupName: "rg", name: "site" };
    expect(importedInputs(entry, types, outputs, parameters)).toEqual({
      resourceGroupName: "rg",
      name: "site",
      siteConfig: { http20Enabled: true },
    });
  });
});

describe("mergeDrift", () => {
  test("takes over what drifted and leaves what the service always added", () => {
    const inputs = { tags: { a: "1" }, siteConfig: { http20Enabled: true }, locations: [{ name: "x" }] };
    const before = {
      tags: { a: "1", system: "s" },
      siteConfig: { http20Enabled: true, extra: 1 },
      locations: [{ name: "x", id: 1 }],
    };
    const after = {
      tags: { a: "2", system: "s" },
      siteConfig: { extra: 1 },
      locations: [
        { name: "x", id: 1 },
        { name: "y", id: 2 },
      ],
      more: true,
    };
    expect(mergeDrift(inputs, before, after)).toEqual({
      tags: { a: "2" },
      siteConfig: {},
      locations: [{ name: "x" }, { name: "y", id: 2 }],
      more: true,
    });
  });

  const value = fc.letrec<{ tree: Value }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.boolean(),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("tree")),
    ),
  })).tree;

  test("without drift the inputs stay, and inputs that mirror the state become the new state", () => {
    fc.assert(
      fc.property(value, value, value, (inputs, before, after) => {
        expect(mergeDrift(inputs, before, structuredClone(before))).toEqual(inputs);
        expect(mergeDrift(before, before, after)).toEqual(after);
      }),
    );
  });
});
