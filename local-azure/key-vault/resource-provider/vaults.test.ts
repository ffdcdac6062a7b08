import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { refusalOf } from "../../arm/testing/refusal.ts";
import { location, resourceGroup, startVaultCloud, type VaultCloud } from "../testing/vault-cloud.ts";
import { isVaultName } from "./vault-names.ts";

let cloud: VaultCloud;

beforeAll(async () => {
  cloud = await startVaultCloud();
});
afterAll(() => cloud.close());

const sku = { family: "A", name: "standard" } as const;
const body = (properties: Record<string, unknown> = {}) => ({
  location,
  properties: { tenantId: cloud.cloud.tenantId, sku, ...properties },
});
const create = (name: string, properties?: Record<string, unknown>) =>
  cloud.keyVault.vaults.createOrUpdate(resourceGroup, name, body(properties), { updateIntervalInMs: 1 });

test("a vault is made, shown, listed, changed and deleted", async () => {
  const { vaults } = cloud.keyVault;
  const made = await create("first-vault", { enablePurgeProtection: true });
  expect(made).toMatchObject({
    id: `/subscriptions/${cloud.cloud.subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/first-vault`,
    name: "first-vault",
    type: "Microsoft.KeyVault/vaults",
    location,
    properties: {
      tenantId: cloud.cloud.tenantId,
      sku,
      accessPolicies: [],
      enabledForDeployment: false,
      enabledForDiskEncryption: false,
      enabledForTemplateDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      vaultUri: expect.stringMatching(/^https:\/\/localhost:\d+\/$/),
      provisioningState: "Succeeded",
      publicNetworkAccess: "Enabled",
    },
  });
  expect(await vaults.get(resourceGroup, "FIRST-VAULT")).toEqual(made);
  const listed = [vaults.listByResourceGroup(resourceGroup), vaults.listBySubscription()];
  for (const list of listed) {
    const names: (string | undefined)[] = [];
    for await (const { name } of list) names.push(name);
    expect(names).toContain("first-vault");
  }

  const tagged = await vaults.update(resourceGroup, "first-vault", { tags: { team: "orders" } });
  expect(tagged).toMatchObject({ tags: { team: "orders" }, properties: { enablePurgeProtection: true } });
  const replaced = await create("first-vault", { publicNetworkAccess: "disabled" });
  expect(replaced.tags).toEqual({});
  expect(replaced.properties).toMatchObject({
    publicNetworkAccess: "Disabled",
    enablePurgeProtection: true,
    vaultUri: made.properties.vaultUri,
  });

  await vaults.delete(resourceGroup, "first-vault");
  expect(await refusalOf(vaults.get(resourceGroup, "first-vault"))).toMatchObject({
    status: 404,
    code: "ResourceNotFound",
  });
  await expect(fetch(made.properties.vaultUri ?? "")).rejects.toThrow();
});

test("a new vault is answered before it is ready, and is ready when it is asked for again", async () => {
  const url = `${cloud.cloud.origin}/subscriptions/${cloud.cloud.subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/slow-vault?api-version=2024-11-01`;
  const made = await cloud.request(url, {
    method: "PUT",
    body: JSON.stringify(body({ enableRbacAuthorization: true })),
  });
  expect(made.status).toBe(200);
  expect(JSON.parse(made.text)).toMatchObject({ properties: { provisioningState: "RegisteringDns" } });
  const read = await cloud.request(url);
  expect(JSON.parse(read.text)).toMatchObject({ properties: { provisioningState: "Succeeded" } });
});

describe("a vault's name", () => {
  test("is available, taken or invalid", async () => {
    const { vaults } = cloud.keyVault;
    const check = (name: string) => vaults.checkNameAvailability({ name, type: "Microsoft.KeyVault/vaults" });
    await create("taken-vault");
    expect(await check("free-vault")).toEqual({ nameAvailable: true });
    expect(await check("Taken-Vault")).toEqual({
      nameAvailable: false,
      reason: "AlreadyExists",
      message:
        "The vault name 'Taken-Vault' is already in use. Vault names are globally unique so it is possible that the name is already taken.",
    });
    expect(await check("2nd")).toEqual({
      nameAvailable: false,
      reason: "AccountNameInvalid",
      message:
        "The vault name '2nd' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742",
    });
  });

  test("is refused when it is invalid or taken in another group", async () => {
    expect(await refusalOf(create("no--vault"))).toMatchObject({ status: 400, code: "VaultNameNotValid" });
    await create("only-one");
    const elsewhere = `${cloud.cloud.origin}/subscriptions/${cloud.cloud.subscriptionId}/resourceGroups`;
    await cloud.request(`${elsewhere}/others?api-version=2021-04-01`, {
      method: "PUT",
      body: JSON.stringify({ location }),
    });
    expect(
      await refusalOf(
        cloud.keyVault.vaults.createOrUpdate("others", "ONLY-one", body(), { updateIntervalInMs: 1 }),
      ),
    ).toEqual({
      status: 409,
      code: "VaultAlreadyExists",
      message:
        "The vault name 'ONLY-one' is already in use. Vault names are globally unique so it is possible that the name is already taken.",
    });
  });

  test("follows the published rule", () => {
    const character = fc.constantFrom(..."abzAZ019-_. ");
    fc.assert(
      fc.property(fc.array(character, { maxLength: 26 }), (characters) => {
        const name = characters.join("");
        const expected =
          characters.length >= 3 &&
          characters.length <= 24 &&
          characters.every((one) => /[A-Za-z0-9-]/.test(one)) &&
          /[A-Za-z]/.test(characters[0] ?? "") &&
          characters.at(-1) !== "-" &&
          !name.includes("--");
        expect(isVaultName(name)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("what a vault's body asks for in vain", () => {
  const refusals: readonly (readonly [string, Record<string, unknown>, string])[] = [
    [
      "access policies instead of RBAC",
      { enableRbacAuthorization: false },
      "Access policies are not supported by this local cloud: set enableRbacAuthorization to true and assign Azure roles, such as Key Vault Secrets User.",
    ],
    [
      "access policies beside RBAC",
      { accessPolicies: [{ tenantId: "t", objectId: "o", permissions: {} }] },
      "The property accessPolicies must be empty: this local cloud decides by Azure RBAC alone.",
    ],
    [
      "no purge protection, said so",
      { enablePurgeProtection: false },
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    ],
    [
      "no soft delete, and too long a retention",
      { enableSoftDelete: false, softDeleteRetentionInDays: 91 },
      'The property "enableSoftDelete" can be set to false only for creating new vaults. Enabling the \'soft delete\' functionality is an irreversible action. The property "softDeleteRetentionInDays" must be between 7 and 90.',
    ],
    [
      "recovery of a deleted vault",
      { createMode: "recover" },
      "The createMode 'recover' is not supported by this local cloud: it keeps no deleted vaults.",
    ],
  ];

  test.each(refusals)("%s", async (_what, properties, message) => {
    expect(await refusalOf(create("refused-vault", properties))).toEqual({
      status: 400,
      code: "BadRequest",
      message,
    });
  });

  test("another tenant", async () => {
    const other = "11111111-2222-4333-8444-555555555555";
    expect(await refusalOf(create("refused-vault", { tenantId: other }))).toEqual({
      status: 400,
      code: "BadRequest",
      message: `The tenant '${other}' is not '${cloud.cloud.tenantId}', the one of this subscription; other tenants are not supported by this local cloud.`,
    });
  });

  test("a model that cannot be read, every fault at once", async () => {
    expect(
      await refusalOf(
        create("refused-vault", {
          sku: { family: "B", name: "gold" },
          networkAcls: { ipRules: [{ value: "10.0.0.0/40" }] },
        }),
      ),
    ).toEqual({
      status: 400,
      code: "InvalidRequestContent",
      message:
        "The request content was invalid and could not be deserialized: 'properties.sku.family: must be one of A; properties.sku.name: must be one of standard, premium; properties.networkAcls.ipRules.0.value: must be an IP address or a CIDR range'.",
    });
  });

  test("another retention than the one that was set; api-versions before 2026-02-01 without a word on RBAC", async () => {
    await create("kept-vault", { softDeleteRetentionInDays: 7 });
    expect(await refusalOf(create("kept-vault", { softDeleteRetentionInDays: 8 }))).toMatchObject({
      code: "BadRequest",
      message: 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
    });
    expect((await create("kept-vault")).properties.softDeleteRetentionInDays).toBe(7);
    const old = await cloud.request(
      `${cloud.cloud.origin}/subscriptions/${cloud.cloud.subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/old-vault?api-version=2024-11-01`,
      { method: "PUT", body: JSON.stringify(body()) },
    );
    expect(JSON.parse(old.text)).toMatchObject({
      error: { code: "BadRequest", message: expect.stringMatching(/^Access policies are not supported/) },
    });
  });
});
