import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { azureName } from "./azure-name.ts";
import { deploymentNames } from "./deployment-names.ts";
import { NAMED_TYPES, namingRule } from "./rules.ts";

const words = fc.array(fc.string({ minLength: 1, maxLength: 70, unit: "binary" }), {
  minLength: 1,
  maxLength: 4,
});
const types = fc.constantFrom(...NAMED_TYPES);

describe("azureName", () => {
  test("always fits Azure's rule for the type, whatever the words", () => {
    fc.assert(
      fc.property(types, words, fc.string(), (type, chosen, uniqueness) => {
        const rule = namingRule(type);
        const name = azureName(type, chosen, uniqueness);
        expect(name).toMatch(rule.pattern);
        expect(name.length).toBeGreaterThanOrEqual(rule.minimum);
        expect(name.length).toBeLessThanOrEqual(rule.maximum);
        expect(azureName(type, chosen, uniqueness)).toBe(name);
      }),
      { numRuns: 500 },
    );
  });

  test("never gives two lists of words one name, also when it has to shorten them", () => {
    const plainWord = fc.stringMatching(/^[a-z]{1,60}$/);
    const plain = fc.array(plainWord, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(types, plain, plain, (type, left, right) => {
        fc.pre(left.join("-") !== right.join("-"));
        expect(azureName(type, left, "one")).not.toBe(azureName(type, right, "one"));
      }),
      { numRuns: 500 },
    );
  });

  test("tells apart what would look alike after cleaning", () => {
    const names = ["a.b", "a_b", "A-B", "a-b", "a--b"].map((word) =>
      azureName("Microsoft.Web/serverfarms", [word]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("gives global names another ending for another uniqueness", () => {
    const [first, second] = ["sub-1", "sub-2"].map((seed) =>
      azureName("Microsoft.DocumentDB/databaseAccounts", ["dev"], seed),
    );
    expect(first).toMatch(/^cosmos-dev-[a-z2-7]{8}$/);
    expect(second).not.toBe(first);
  });

  test("refuses a global name without uniqueness, and a name without words", () => {
    expect(() => azureName("Microsoft.Web/sites", ["api"])).toThrow(
      "A name for Microsoft.Web/sites is unique in all of Azure and needs something unique to be made of.",
    );
    expect(() => azureName("Microsoft.Web/sites", [], "x")).toThrow(
      "A name for Microsoft.Web/sites needs words that tell it from others.",
    );
  });

  test("refuses a type without a rule", () => {
    expect(() => namingRule("Microsoft.Storage/storageAccounts")).toThrow(
      "No naming rule for Microsoft.Storage/storageAccounts. Add its rule to the table; it has " +
        "Microsoft.Resources/resourceGroups, Microsoft.DocumentDB/databaseAccounts, Microsoft.Web/serverfarms, Microsoft.Web/sites, " +
        "Microsoft.ManagedIdentity/userAssignedIdentities, Microsoft.KeyVault/vaults.",
    );
    expect(() => namingRule("toString")).toThrow("No naming rule for toString.");
  });
});

test("a deployment's names are the same every time and differ between stacks of one subscription", () => {
  const identity = {
    project: "keyless-cosmos",
    stack: "dev",
    subscriptionId: "11111111-1111-1111-1111-111111111111",
  };
  const names = deploymentNames(identity);
  expect({
    ...names,
    site: names.site("orders-api"),
    identity: names.identity("build-agent"),
    inDirectory: names.inDirectory("orders-api", "client-secret"),
  }).toEqual({
    resourceGroup: "rg-keyless-cosmos-dev",
    account: "cosmos-dev-sdb3itgy",
    plan: "asp-keyless-cosmos-dev",
    vault: "kv-dev-sdb3itgy",
    site: "app-orders-api-dev-sdb3itgy",
    identity: "id-build-agent-keyless-cosmos-dev",
    inDirectory: "keyless-cosmos/dev/orders-api/client-secret/sdb3itgy",
  });
  const other = deploymentNames({ ...identity, stack: "local-dev" });
  expect(other.account).not.toBe(names.account);
  expect(
    deploymentNames({ ...identity, subscriptionId: identity.subscriptionId.toUpperCase() }).account,
  ).toBe(names.account);
});
