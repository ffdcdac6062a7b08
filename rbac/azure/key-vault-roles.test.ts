import { describe, expect, test } from "@jest/globals";
import { builtInControlPlaneRoles } from "./built-in-roles.ts";
import { decideDataPlane, roleAllows, roleAllowsData } from "./decide.ts";

const roles = new Map(builtInControlPlaneRoles.map((role) => [role.id, role]));
const byName = new Map(builtInControlPlaneRoles.map((role) => [role.name, role]));
const principalId = "44444444-4444-4444-8444-444444444444";
const subscription = "/subscriptions/33333333-3333-4333-8333-333333333333";

const secrets = "Microsoft.KeyVault/vaults/secrets";
const vaultRoles = [
  "Owner",
  "Contributor",
  "Key Vault Secrets User",
  "Key Vault Secrets Officer",
  "Key Vault Administrator",
  "Key Vault Reader",
];

/** One letter for each of `vaultRoles`, in their order. */
test.each([
  [`${secrets}/getSecret/action`, "--+++-"],
  [`${secrets}/readMetadata/action`, "--++++"],
  [`${secrets}/setSecret/action`, "---++-"],
  [`${secrets}/update/action`, "---++-"],
  [`${secrets}/delete`, "---++-"],
  ["Microsoft.KeyVault/vaults/keys/read", "----++"],
  ["Microsoft.KeyVault/vaults/keys/sign/action", "----+-"],
])("the data action %s is decided %s", (dataAction, expected) => {
  const decided = vaultRoles.map((name) => {
    const role = byName.get(name);
    return role !== undefined && roleAllowsData(role, dataAction) ? "+" : "-";
  });
  expect(decided.join("")).toBe(expected);
});

/** The same roles on the control plane: a secret's data action gives nothing there. */
test.each([
  // Their pattern is vaults/*/read, with a part between.
  ["Microsoft.KeyVault/vaults/read", "++---"],
  ["Microsoft.KeyVault/vaults/secrets/read", "+++++"],
  ["Microsoft.KeyVault/vaults/write", "++---"],
  ["Microsoft.KeyVault/vaults/secrets/write", "++---"],
])("%s is decided %s by the roles of Key Vault", (action, expected) => {
  const decided = vaultRoles
    .filter((name) => name !== "Key Vault Secrets User")
    .map((name) => {
      const role = byName.get(name);
      return role !== undefined && roleAllows(role, action) ? "+" : "-";
    });
  expect(decided.join("")).toBe(expected);
});

describe("decideDataPlane", () => {
  const vault = `${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv`;
  const get = `${secrets}/getSecret/action`;
  const user = "4633458b-17de-408a-b874-0445c86b69e6";
  const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
  const decideAt = (assigned: string, asked: string, roleDefinitionId = user) =>
    decideDataPlane(
      [{ id: "a", principalId, roleDefinitionId, scope: assigned }],
      roles,
      [principalId],
      get,
      asked,
    ).allowed;

  test("a role on one secret opens that secret alone; one on the vault, its group or the root opens it too", () => {
    const secret = `${vault}/secrets/db`;
    for (const above of ["/", subscription, vault, secret, secret.toUpperCase()]) {
      expect(decideAt(above, secret)).toBe(true);
    }
    for (const beside of [`${secret}2`, `${vault}2/secrets/db`, vault]) {
      expect(decideAt(secret, beside)).toBe(false);
    }
  });

  test("not even an owner's * is a data action", () => {
    expect(decideAt("/", `${vault}/secrets/db`, owner)).toBe(false);
  });

  test("what notDataActions take away is not granted", () => {
    const custom = { id: "c", name: "c", description: "", actions: [], notActions: [] };
    const narrowed = { ...custom, dataActions: [`${secrets}/*`], notDataActions: [get.toUpperCase()] };
    expect(roleAllowsData(narrowed, get)).toBe(false);
    expect(roleAllowsData(narrowed, `${secrets}/delete`)).toBe(true);
  });
});
