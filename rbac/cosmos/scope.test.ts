import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { contains, type DataScope, formatDataScope, parseDataScope, ScopeError } from "./scope.ts";

const account =
  "/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/shop";

describe("parseDataScope", () => {
  test.each<[string, DataScope]>([
    [account, {}],
    [`${account}/`, {}],
    ["/", {}],
    ["", {}],
    [`${account}/dbs/orders`, { database: "orders" }],
    [`${account.toUpperCase()}/dbs/Orders`, { database: "Orders" }],
    ["/dbs/orders", { database: "orders" }],
    ["/dbs/orders/", { database: "orders" }],
    [`${account}/dbs/orders/colls/audit`, { database: "orders", container: "audit" }],
    ["/dbs/orders/colls/audit", { database: "orders", container: "audit" }],
  ])("%s is read", (text, scope) => {
    expect(parseDataScope(text, account)).toEqual(scope);
  });

  test.each([
    ["/sqlDatabases/orders", 'is the id of a resource, not a data-plane scope. Write "/dbs/orders".'],
    ["/SQLDATABASES/Orders/", 'is the id of a resource, not a data-plane scope. Write "/dbs/Orders".'],
    [
      "/sqlDatabases/orders/containers/audit",
      'is the id of a resource, not a data-plane scope. Write "/dbs/orders/colls/audit".',
    ],
    [
      `${account}/sqlDatabases/orders/containers/audit`,
      'is the id of a resource, not a data-plane scope. Write "/dbs/orders/colls/audit".',
    ],
    [`${account}2/dbs/orders`, `is not within the account ${account}.`],
    [account.replace("/rg/", "/other/"), `is not within the account ${account}.`],
    [`${account.replace("3333-", "4444-")}/dbs/orders`, `is not within the account ${account}.`],
    [account.slice(0, -1), `is not within the account ${account}.`],
    ["/subscriptions/33333333-3333-4333-8333-333333333333", `is not within the account ${account}.`],
    [
      "/sqlDatabases/orders/colls/audit",
      'is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".',
    ],
    [
      "/dbs/orders/containers/audit",
      'is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".',
    ],
    [
      "/colls/audit",
      'is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".',
    ],
    ["//", 'is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".'],
    [
      "dbs/orders",
      'is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".',
    ],
    [
      "/dbs/orders/colls",
      'is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".',
    ],
    [
      "/dbs/orders/colls/audit/docs/1",
      'is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".',
    ],
    [
      "/dbs//colls/audit",
      'is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".',
    ],
  ])("%s is refused with what to write instead", (text, said) => {
    expect(() => parseDataScope(text, account)).toThrow(new ScopeError(`"${text}" ${said}`));
  });
});

const name = fc.constantFrom("a", "b", "ab", "A", "a b", "dbs", "colls");
const scope: fc.Arbitrary<DataScope> = fc.oneof(
  fc.constant({}),
  fc.record({ database: name }),
  fc.record({ database: name, container: name }),
);

test("a scope that is written and read again is the same", () => {
  fc.assert(
    fc.property(scope, (drawn) => {
      expect(parseDataScope(formatDataScope(drawn, account), account)).toEqual(drawn);
      expect(parseDataScope(formatDataScope(drawn, account).slice(account.length), account)).toEqual(drawn);
    }),
  );
});

/** Everything that could lie in a scope, spelt out place by place; one scope lies in another when its places do. */
function placesIn({ database, container }: DataScope): Set<string> {
  const names = ["a", "b", "ab", "A", "a b", "dbs", "colls"];
  const everything = [
    "account",
    ...names.map((one) => `database ${one}`),
    ...names.flatMap((one) => names.map((two) => `container ${JSON.stringify([one, two])}`)),
  ];
  if (database === undefined) return new Set(everything);
  const ofContainer = (one: string) => `container ${JSON.stringify([database, one])}`;
  if (container !== undefined) return new Set([ofContainer(container)]);
  return new Set([`database ${database}`, ...names.map(ofContainer)]);
}

test("containment agrees with containment of the places that a scope stands for", () => {
  fc.assert(
    fc.property(scope, scope, (outer, inner) => {
      const around = placesIn(outer);
      expect(contains(outer, inner)).toBe([...placesIn(inner)].every((place) => around.has(place)));
    }),
    { numRuns: 2_000 },
  );
});

test("a container without its database is no scope, least of all the account's", () => {
  const stray = { container: "audit" };
  expect(contains(stray, { database: "orders", container: "audit" })).toBe(false);
  expect(contains(stray, stray)).toBe(false);
  expect(contains({}, stray)).toBe(false);
  expect(() => formatDataScope(stray, account)).toThrow(
    new ScopeError('The scope of the container "audit" does not name its database.'),
  );
});
