import { describe, expect, test } from "@jest/globals";
import { builtInControlPlaneRoles } from "./built-in-roles.ts";
import { decideControlPlane, roleAllows } from "./decide.ts";

const roles = new Map(builtInControlPlaneRoles.map((role) => [role.id, role]));
const byName = new Map(builtInControlPlaneRoles.map((role) => [role.name, role]));
const principalId = "44444444-4444-4444-8444-444444444444";
const subscription = "/subscriptions/33333333-3333-4333-8333-333333333333";
const account = `${subscription}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/shop`;

test("the built-in roles bear their published ids", () => {
  expect(builtInControlPlaneRoles.map(({ name, id }) => [name, id])).toEqual([
    ["Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"],
    ["Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"],
    ["Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"],
    ["User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"],
    ["Website Contributor", "de139f84-1756-47ae-9be6-808fbbe84772"],
    ["DocumentDB Account Contributor", "5bd9cd88-fe45-4216-938b-f97437e15450"],
    ["Cosmos DB Account Reader Role", "fbdf93bf-df7d-467e-a4d2-9458aa1360c8"],
    ["Cosmos DB Operator", "230815da-be43-4aae-9cb4-875f7bd000aa"],
    ["Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6"],
    ["Key Vault Secrets Officer", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"],
    ["Key Vault Administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483"],
    ["Key Vault Reader", "21090545-7ca7-4776-b22c-e363652d74d2"],
  ]);
});

const columns = [
  "Owner",
  "Contributor",
  "Reader",
  "User Access Administrator",
  "Website Contributor",
  "DocumentDB Account Contributor",
  "Cosmos DB Account Reader Role",
  "Cosmos DB Operator",
  "Key Vault Secrets User",
];

/** One letter for each of `columns`, in their order: `+` allowed, `-` refused. */
test.each([
  ["Microsoft.DocumentDB/databaseAccounts/read", "++++-+++-"],
  ["Microsoft.DocumentDB/databaseAccounts/write", "++---+-+-"],
  ["Microsoft.DocumentDB/databaseAccounts/delete", "++---+-+-"],
  // GET readonlykeys counts as a read: every reader of the account is a reader of its data while keys work.
  ["Microsoft.DocumentDB/databaseAccounts/readonlykeys/read", "++++-++--"],
  ["Microsoft.DocumentDB/databaseAccounts/readonlykeys/action", "++---++--"],
  ["Microsoft.DocumentDB/databaseAccounts/listKeys/action", "++---+---"],
  ["Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/action", "++---+---"],
  ["Microsoft.DocumentDB/databaseAccounts/regenerateKey/action", "++---+---"],
  ["Microsoft.DocumentDB/databaseAccounts/sqlDatabases/write", "++---+-+-"],
  ["Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/throughputSettings/write", "++---+-+-"],
  ["Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/read", "++++-+++-"],
  ["Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/write", "++---+---"],
  ["Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions/delete", "++---+---"],
  ["Microsoft.DocumentDB/databaseAccounts/cassandraRoleAssignments/write", "++---+---"],
  ["Microsoft.Authorization/roleAssignments/read", "++++++++-"],
  ["Microsoft.Authorization/roleAssignments/write", "+--+-----"],
  ["Microsoft.Authorization/roleAssignments/delete", "+--+-----"],
  ["Microsoft.Authorization/elevateAccess/action", "+--+-----"],
  ["Microsoft.Web/sites/read", "+++++----"],
  ["Microsoft.Web/sites/write", "++--+----"],
  ["Microsoft.Web/sites/publish/action", "++--+----"],
  ["Microsoft.Web/sites/config/list/action", "++--+----"],
  ["Microsoft.Web/serverfarms/write", "++-------"],
  ["Microsoft.Web/serverfarms/join/action", "++--+----"],
  ["Microsoft.Resources/subscriptions/resourceGroups/read", "++++++++-"],
  ["Microsoft.Resources/subscriptions/resourceGroups/write", "++-------"],
  ["Microsoft.Resources/subscriptions/resourceGroups/delete", "++-------"],
])("%s is decided %s", (action, expected) => {
  const decided = columns.map((name) => {
    const role = byName.get(name);
    return role !== undefined && roleAllows(role, action) ? "+" : "-";
  });
  expect(decided.join("")).toBe(expected);
});

describe("decideControlPlane", () => {
  const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
  const operator = "230815da-be43-4aae-9cb4-875f7bd000aa";
  const contributor = "5bd9cd88-fe45-4216-938b-f97437e15450";
  const listKeys = "Microsoft.DocumentDB/databaseAccounts/listKeys/action";
  const assign = (id: string, roleDefinitionId: string, scope: string, holder = principalId) => ({
    id,
    principalId: holder,
    roleDefinitionId,
    scope,
  });

  test("what one role takes away another still grants, and the one that grants is named", () => {
    const both = [assign("operator", operator, subscription), assign("contributor", contributor, account)];
    expect(decideControlPlane(both, roles, [principalId], listKeys, account)).toEqual({
      allowed: true,
      assignmentId: "contributor",
    });
    expect(decideControlPlane(both.slice(0, 1), roles, [principalId], listKeys, account)).toEqual({
      allowed: false,
    });
  });

  test("a group's role counts for its members; ids compare without case", () => {
    const granted = [assign("by group", reader.toUpperCase(), account.toUpperCase(), "GROUP")];
    const read = "microsoft.documentdb/databaseaccounts/read";
    expect(decideControlPlane(granted, roles, [principalId, "group"], read, account)).toEqual({
      allowed: true,
      assignmentId: "by group",
    });
    expect(decideControlPlane(granted, roles, [principalId], read, account)).toEqual({ allowed: false });
  });

  test("a role reaches neither above its scope nor beside it, and an unknown role grants nothing", () => {
    const read = "Microsoft.DocumentDB/databaseAccounts/read";
    const onAccount = [assign("a", reader, account), assign("b", "no such role", "/")];
    for (const scope of [`${account}2`, subscription, "/"]) {
      expect(decideControlPlane(onAccount, roles, [principalId], read, scope)).toEqual({ allowed: false });
    }
    for (const scope of [account, `${account}/sqlDatabases/orders`]) {
      expect(decideControlPlane(onAccount, roles, [principalId], read, scope).allowed).toBe(true);
    }
  });

  test("a role at the tenant's root reaches everything; one without a scope reaches nothing", () => {
    const read = "Microsoft.DocumentDB/databaseAccounts/read";
    for (const scope of ["/", subscription, account]) {
      expect(decideControlPlane([assign("root", reader, "/")], roles, [principalId], read, scope)).toEqual({
        allowed: true,
        assignmentId: "root",
      });
      expect(decideControlPlane([assign("none", reader, "")], roles, [principalId], read, scope)).toEqual({
        allowed: false,
      });
    }
  });
});
