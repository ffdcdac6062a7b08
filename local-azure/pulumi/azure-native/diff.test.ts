import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Value, Values } from "../provider/values.ts";
import { UNKNOWN } from "../provider/values.ts";
import { diffInputs } from "./diff.ts";
import { resourceType } from "./schema/catalog.ts";

const account = resourceType("azure-native:cosmosdb:DatabaseAccount").entry;
const roleAssignment = resourceType("azure-native:cosmosdb:SqlResourceSqlRoleAssignment").entry;
const webApp = resourceType("azure-native:web:WebApp").entry;

/** `path` → kind, with ` replace` where the change replaces. */
function changes(
  entry: typeof account,
  before: Values,
  after: Values,
  outputs: Values = {},
): Record<string, string> {
  const { detailed } = diffInputs(entry, before, outputs, after);
  return Object.fromEntries(
    [...detailed].map(([path, { change, replaces }]) => [path, replaces ? `${change} replace` : change]),
  );
}

describe("diffInputs", () => {
  const subscription =
    "/subscriptions/2222/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/a";
  test.each<[string, typeof account, Values, Values, Record<string, string>]>([
    ["nothing", account, { disableLocalAuth: true }, { disableLocalAuth: true }, {}],
    [
      "a changed value",
      account,
      { disableLocalAuth: true },
      { disableLocalAuth: false },
      { disableLocalAuth: "update" },
    ],
    ["an added value", account, {}, { enableFreeTier: true }, { enableFreeTier: "add" }],
    ["a removed value", account, { enableFreeTier: true }, {}, { enableFreeTier: "delete" }],
    ["a default of the service that is now written out", account, {}, { kind: "GlobalDocumentDB" }, {}],
    [
      "objects key by key",
      account,
      { consistencyPolicy: { defaultConsistencyLevel: "Session" } },
      { consistencyPolicy: { defaultConsistencyLevel: "Strong", maxIntervalInSeconds: 5 } },
      {
        "consistencyPolicy.defaultConsistencyLevel": "update",
        "consistencyPolicy.maxIntervalInSeconds": "add",
      },
    ],
    [
      "arrays by position",
      account,
      { locations: [{ locationName: "westeurope" }] },
      { locations: [{ locationName: "northeurope" }, { locationName: "westeurope" }] },
      { "locations[0].locationName": "update", "locations[1]": "add" },
    ],
    [
      "keys that are no identifiers",
      account,
      { tags: { "a.b": "1" } },
      { tags: { "a.b": "2" } },
      { 'tags["a.b"]': "update" },
    ],
    [
      "a path parameter",
      account,
      { accountName: "a" },
      { accountName: "b" },
      { accountName: "update replace" },
    ],
    ["the case of a resource group", account, { resourceGroupName: "Rg" }, { resourceGroupName: "rg" }, {}],
    ["the spelling of a location", account, { location: "West Europe" }, { location: "westeurope" }, {}],
    [
      "an account that moves is an update, which Azure refuses",
      account,
      { location: "westeurope" },
      { location: "northeurope" },
      { location: "update" },
    ],
    [
      "the case of an id up to its provider",
      roleAssignment,
      { scope: subscription },
      { scope: subscription.replace("resourceGroups", "resourcegroups") },
      {},
    ],
    [
      "the case of an id behind its provider",
      roleAssignment,
      { scope: subscription },
      { scope: `${subscription.slice(0, -1)}A` },
      { scope: "update replace" },
    ],
    [
      "another principal",
      roleAssignment,
      { principalId: "p" },
      { principalId: "q" },
      { principalId: "update replace" },
    ],
    [
      "a principal that is not known yet",
      roleAssignment,
      { principalId: "p" },
      { principalId: UNKNOWN },
      { principalId: "update replace" },
    ],
    [
      "a role",
      roleAssignment,
      { roleDefinitionId: "r" },
      { roleDefinitionId: "s" },
      { roleDefinitionId: "update" },
    ],
    ["a site's kind", webApp, { kind: "app" }, { kind: "app,linux" }, { kind: "update replace" }],
    ["private marks", account, { __createBeforeDelete: true }, {}, {}],
    [
      "an upgrade of the API version",
      account,
      { azureApiVersion: "2024-01-01" },
      { azureApiVersion: "2025-10-15" },
      { azureApiVersion: "update" },
    ],
  ])("%s", (_, entry, before, after, expected) => {
    expect(changes(entry, before, after)).toEqual(expected);
  });

  test("an input that only writes out what the resource already is does not replace it", () => {
    const after = { location: "westeurope" };
    expect(changes(webApp, {}, after, { location: "West Europe" })).toEqual({ location: "add" });
    expect(changes(webApp, {}, after, { location: "northeurope" })).toEqual({ location: "add replace" });
  });

  test.each([
    ["an explicit name", {}, true],
    ["an auto-name", { __createBeforeDelete: true }, false],
  ])("a replacement of %s: delete first is %s", (_, mark, deleteFirst) => {
    const diff = diffInputs(webApp, { kind: "app", ...mark }, {}, { kind: "other", ...mark });
    expect(diff.replaces).toEqual(["kind"]);
    expect(diff.changes).toEqual(["kind"]);
    expect(diff.deleteBeforeReplace).toBe(deleteFirst);
  });

  test("equal inputs never differ, and swapping them swaps additions and deletions", () => {
    const value = fc.letrec<{ tree: Value }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.string({ minLength: 1 }), tie("tree"), { maxKeys: 3 }),
      ),
    })).tree;
    const inputs = fc.dictionary(fc.constantFrom("tags", "cors", "capacity"), value) as fc.Arbitrary<Values>;
    const opposite: Record<string, string> = { add: "delete", delete: "add", update: "update" };
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        expect(changes(account, before, structuredClone(before))).toEqual({});
        const there = Object.entries(changes(account, before, after));
        const back = changes(account, after, before);
        expect(Object.fromEntries(there.map(([path, kind]) => [path, opposite[kind]]))).toEqual(back);
      }),
    );
  });
});
