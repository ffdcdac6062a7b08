import { describe, expect, test } from "@jest/globals";
import { builtInRoles } from "./built-in-roles.ts";
import { dataActionFaults, isAssignableOn } from "./role-definition.ts";

const account = "Microsoft.DocumentDB/databaseAccounts";
const container = `${account}/sqlDatabases/containers`;

const known =
  "Known: Microsoft.DocumentDB/databaseAccounts/readMetadata, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/create, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/replace, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/upsert, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/delete, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeQuery, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/readChangeFeed, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/executeStoredProcedure, " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/manageConflicts.";
const wildcards =
  "use Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/* or " +
  "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*.";

describe("dataActionFaults", () => {
  test("a role without data actions is refused", () => {
    expect(dataActionFaults([])).toEqual(["A role definition needs at least one data action."]);
  });

  test.each([
    "",
    "readMetadata",
    "items/read",
    `${account}/read`,
    `${account}/readMetadata/`,
    ` ${account}/readMetadata`,
    `${account}/sqlDatabases/read`,
    `${container}/read`,
    `${container}/items`,
    // Rights of the control plane, which no data-plane role can hold.
    `${account}/listKeys/action`,
    `${account}/sqlRoleAssignments/write`,
    // Another interface of Cosmos DB.
    `${account}/mongodbDatabases/collections/read`,
  ])("%j is no data action", (entry) => {
    expect(dataActionFaults([entry])).toEqual([`"${entry}" is not a data action. ${known}`]);
  });

  test.each([
    "*",
    "*/read",
    "Microsoft.DocumentDB/*",
    `${account}/*`,
    `${account}/sqlDatabases/*`,
    `${account}/sqlDatabases/*/items/read`,
    `${container}/*/read`,
    `${container}/items/*/read`,
    `${container}/items/re*`,
    `${container}/**`,
    `${container}*`,
  ])("%j is a wildcard that no role may hold", (entry) => {
    expect(dataActionFaults([entry])).toEqual([
      `"${entry}" is not a wildcard that roles may hold: ${wildcards}`,
    ]);
  });

  test("tells every fault at once, in the order of the entries, and is silent on what is good", () => {
    expect(
      dataActionFaults([
        `${account}/*`,
        `${container}/items/read`,
        `${account}/sqlDatabases/read`,
        `${container}/ITEMS/*`,
      ]),
    ).toEqual([
      `"${account}/*" is not a wildcard that roles may hold: ${wildcards}`,
      `"${account}/sqlDatabases/read" is not a data action. ${known}`,
    ]);
  });

  test.each(Object.values(builtInRoles))("$name is without fault", ({ dataActions }) => {
    expect(dataActionFaults(dataActions)).toEqual([]);
  });
});

test("a role is assignable within its assignable scopes alone", () => {
  const role = { assignableScopes: [{ database: "orders" }, { database: "shop", container: "carts" }] };
  expect(isAssignableOn(role, { database: "orders", container: "orders" })).toBe(true);
  expect(isAssignableOn(role, { database: "shop" })).toBe(false);
  expect(isAssignableOn(role, {})).toBe(false);
  expect(isAssignableOn({ assignableScopes: [] }, { database: "orders" })).toBe(false);
});
