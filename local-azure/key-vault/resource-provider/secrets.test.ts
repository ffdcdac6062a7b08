import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { refusalOf } from "../../arm/testing/refusal.ts";
import {
  resourceGroup,
  startVaultCloud,
  type TestVault,
  type VaultCloud,
  vaultRoles,
} from "../testing/vault-cloud.ts";

let cloud: VaultCloud;
let vault: TestVault;

beforeAll(async () => {
  cloud = await startVaultCloud();
  vault = await cloud.vault("secrets-vault");
});
afterAll(() => cloud.close());

const secrets = () => cloud.keyVault.secrets;
const put = (name: string, value: string, more: Record<string, unknown> = {}, tags = {}) =>
  secrets().createOrUpdate(resourceGroup, vault.name, name, { tags, properties: { value, ...more } });

async function versionsOf(name: string): Promise<number> {
  let count = 0;
  for await (const _ of cloud.secrets(vault).listPropertiesOfSecretVersions(name)) count += 1;
  return count;
}

test("a secret is set without its value ever coming back", async () => {
  const made = await put("db-password", "planted", {
    contentType: "text/plain",
    attributes: { enabled: true },
  });
  expect(made).toMatchObject({
    id: `${vault.id}/secrets/db-password`,
    name: "db-password",
    type: "Microsoft.KeyVault/vaults/secrets",
    location: "westeurope",
    properties: {
      contentType: "text/plain",
      secretUri: `${vault.uri}secrets/db-password`,
      secretUriWithVersion: expect.stringMatching(/\/secrets\/db-password\/[0-9a-f]{32}$/),
      attributes: { enabled: true, created: new Date("2026-11-25T08:00:00Z") },
    },
  });
  expect(await secrets().get(resourceGroup, vault.name, "db-password")).toEqual(made);
  const listed = [];
  for await (const one of secrets().list(resourceGroup, vault.name)) listed.push(one);
  expect(listed).toContainEqual(made);
  expect(JSON.stringify([made, listed])).not.toContain("planted");
  expect((await cloud.secrets(vault).getSecret("db-password")).value).toBe("planted");
});

test("the same secret again makes no new version; another value, type or tag does", async () => {
  const first = await put("repeated", "one", { contentType: "a" }, { team: "orders" });
  const again = await put("repeated", "one", { contentType: "a" }, { team: "orders" });
  expect(again).toEqual(first);
  expect(await versionsOf("repeated")).toBe(1);
  await put("repeated", "two", { contentType: "a" }, { team: "orders" });
  await put("repeated", "two", { contentType: "b" }, { team: "orders" });
  await put("repeated", "two", { contentType: "b" }, { team: "sales" });
  await put("repeated", "two", { contentType: "b", attributes: { enabled: false } }, { team: "sales" });
  expect(await versionsOf("repeated")).toBe(5);
});

test("a PATCH changes the current version; with another value it makes a new one", async () => {
  const made = await put("patched", "one", { contentType: "a" });
  const exp = new Date("2027-01-01T00:00:00Z");
  const changed = await secrets().update(resourceGroup, vault.name, "patched", {
    properties: { attributes: { expires: exp } },
  });
  expect(changed.properties).toMatchObject({
    contentType: "a",
    secretUriWithVersion: made.properties.secretUriWithVersion,
    attributes: { enabled: true, expires: exp },
  });
  const revalued = await secrets().update(resourceGroup, vault.name, "patched", {
    properties: { value: "two" },
  });
  expect(revalued.properties.secretUriWithVersion).not.toBe(made.properties.secretUriWithVersion);
  expect(revalued.properties.attributes?.expires).toEqual(exp);
  expect((await cloud.secrets(vault).getSecret("patched")).value).toBe("two");
});

test("what the data plane sets and deletes, resource manager shows", async () => {
  const client = cloud.secrets(vault);
  await client.setSecret("From-Data", "x");
  expect((await secrets().get(resourceGroup, vault.name, "from-data")).name).toBe("From-Data");
  await (await client.beginDeleteSecret("from-data")).pollUntilDone();
  expect(await refusalOf(secrets().get(resourceGroup, vault.name, "from-data"))).toMatchObject({
    status: 404,
    code: "ResourceNotFound",
  });
});

test("bad names and bodies are refused, and no refusal quotes a value", async () => {
  expect(await refusalOf(put("under_score", "planted"))).toEqual({
    status: 400,
    code: "InvalidResourceName",
    message:
      "Resource name under_score is invalid for a resource of type 'Microsoft.KeyVault/vaults/secrets'. It must have 1 to 127 letters, digits and hyphens.",
  });
  expect(await refusalOf(put("big", "planted".repeat(4000)))).toEqual({
    status: 400,
    code: "BadRequest",
    message: "The value of a secret has at most 25600 bytes.",
  });
  const url = `${cloud.cloud.origin}${vault.id}/secrets/bad?api-version=2024-11-01`;
  for (const body of ['{"properties":{"value":["planted"]}}', '{"properties":{"value":planted}}']) {
    const { status, text } = await cloud.request(url, { method: "PUT", body });
    expect(status).toBe(400);
    expect(text).toContain("InvalidRequestContent");
    expect(text).not.toContain("planted");
  }
  const deletion = await cloud.request(url, { method: "DELETE" });
  expect(deletion.status).toBe(405);
});

test("whether vaults and secrets exist can be asked by HEAD, and resource lists show vaults alone", async () => {
  await put("existing", "x");
  const exists = async (id: string) =>
    (await cloud.resources.resources.checkExistenceById(id, "2024-11-01")).body;
  for (const id of [vault.id, `${vault.id}/secrets/existing`]) expect(await exists(id)).toBe(true);
  for (const id of [`${vault.id}2`, `${vault.id}/secrets/absent`]) expect(await exists(id)).toBe(false);
  const types: (string | undefined)[] = [];
  for await (const { type } of cloud.resources.resources.listByResourceGroup(resourceGroup)) types.push(type);
  expect(new Set(types)).toEqual(new Set(["Microsoft.KeyVault/vaults"]));
});

test("a contributor writes secrets through resource manager and still reads none", async () => {
  const contributor = await cloud.application("contributor");
  await cloud.assign(contributor.principalId, "b24988ac-6180-42a0-ab88-20f7382dd24c", vault.id);
  const token = await cloud.token("https://management.azure.com", contributor);
  const written = await cloud.request(
    `${cloud.cloud.origin}${vault.id}/secrets/by-contributor?api-version=2024-11-01`,
    {
      method: "PUT",
      token,
      body: JSON.stringify({ properties: { value: "x" } }),
    },
  );
  expect(written.status).toBe(201);
  expect(await refusalOf(cloud.secrets(vault, contributor).getSecret("by-contributor"))).toMatchObject({
    status: 403,
    code: "Forbidden",
  });
  const user = await cloud.application("user of secrets");
  await cloud.assign(user.principalId, vaultRoles.secretsUser, vault.id);
  const refused = await cloud.request(`${cloud.cloud.origin}${vault.id}/secrets?api-version=2024-11-01`, {
    token: await cloud.token("https://management.azure.com", user),
  });
  expect([refused.status, JSON.parse(refused.text)]).toEqual([200, { value: [] }]);
});

test("the secrets of a deleted vault are gone, also for a vault of the same name", async () => {
  const doomed = await cloud.vault("doomed-vault");
  await cloud.secrets(doomed).setSecret("old", "x");
  await cloud.keyVault.vaults.delete(resourceGroup, "doomed-vault");
  const again = await cloud.vault("doomed-vault");
  expect(await refusalOf(cloud.secrets(again).getSecret("old"))).toMatchObject({
    status: 404,
    code: "SecretNotFound",
  });
});
