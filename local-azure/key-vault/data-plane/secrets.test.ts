import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { refusalOf } from "../../arm/testing/refusal.ts";
import { startVaultCloud, type TestVault, type VaultCloud } from "../testing/vault-cloud.ts";

let cloud: VaultCloud;
let vault: TestVault;

beforeAll(async () => {
  cloud = await startVaultCloud();
  vault = await cloud.vault("data-vault");
});
afterAll(() => cloud.close());

const client = () => cloud.secrets(vault);

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test("a secret is set, read by name and by version, changed and deleted", async () => {
  const exp = new Date("2026-12-01T00:00:00Z");
  const first = await client().setSecret("Connection", "one", {
    contentType: "text/plain",
    tags: { team: "orders" },
    expiresOn: exp,
  });
  expect(first).toMatchObject({
    name: "Connection",
    value: "one",
    properties: {
      id: `${vault.uri}secrets/Connection/${first.properties.version}`,
      vaultUrl: vault.uri.slice(0, -1),
      contentType: "text/plain",
      tags: { team: "orders" },
      enabled: true,
      expiresOn: exp,
      createdOn: cloud.clock.now(),
      updatedOn: cloud.clock.now(),
      recoveryLevel: "Purgeable",
      recoverableDays: 0,
    },
  });
  cloud.clock.advance(60_000);
  const second = await client().setSecret("connection", "two");
  expect(second.properties.version).not.toBe(first.properties.version);
  expect((await client().getSecret("Connection")).value).toBe("two");
  const { version = "" } = first.properties;
  expect(await client().getSecret("connection", { version })).toEqual(first);

  const changed = await client().updateSecretProperties("connection", version, { tags: { team: "sales" } });
  expect(changed).toMatchObject({ tags: { team: "sales" }, contentType: "text/plain", expiresOn: exp });
  expect(changed.updatedOn).toEqual(cloud.clock.now());
  expect(changed.createdOn).toEqual(first.properties.createdOn);
  expect((await client().getSecret("connection", { version })).value).toBe("one");

  const poller = await client().beginDeleteSecret("connection");
  expect(await poller.pollUntilDone()).toMatchObject({ name: "Connection" });
  expect(await refusalOf(client().getSecret("connection"))).toEqual({
    status: 404,
    code: "SecretNotFound",
    message:
      "A secret with (name/id) connection was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
  });
  expect(await refusalOf(client().getSecret("connection", { version }))).toMatchObject({
    code: "SecretNotFound",
    message: expect.stringContaining(`(name/id) connection/${version} was not found`),
  });
  expect(await all(client().listPropertiesOfSecretVersions("connection"))).toEqual([]);
});

test("lists come in pages of 25, in an order that stays", async () => {
  const list = await cloud.vault("list-vault");
  const secrets = cloud.secrets(list);
  for (let index = 0; index < 27; index += 1) {
    await secrets.setSecret(`s-${String(index).padStart(2, "0")}`, "x", { enabled: index !== 3 });
  }
  for (let index = 0; index < 4; index += 1) await secrets.setSecret("s-00", `version ${index}`);
  const pages = await all(secrets.listPropertiesOfSecrets().byPage());
  expect(pages.map(({ length }) => length)).toEqual([25, 2]);
  const names = pages.flat().map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  expect(pages.flat().map(({ version }) => version)).toEqual(names.map(() => undefined));
  expect(
    pages
      .flat()
      .filter(({ enabled }) => !enabled)
      .map(({ name }) => name),
  ).toEqual(["s-03"]);

  const versions = await all(secrets.listPropertiesOfSecretVersions("S-00").byPage({ maxPageSize: 2 }));
  expect(versions.map(({ length }) => length)).toEqual([2, 2, 1]);
  const ids = versions.flat().map(({ version = "" }) => version);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(5);
});

describe("a secret's attributes", () => {
  test("a disabled version is not given out, and is again when it is enabled", async () => {
    const { properties } = await client().setSecret("switched", "x", { enabled: false });
    const disabled = {
      status: 403,
      code: "Forbidden",
      message: "Operation get is not allowed on a disabled secret.",
    };
    expect(await refusalOf(client().getSecret("switched"))).toEqual(disabled);
    const { status, text } = await cloud.request(`${vault.uri}secrets/switched?api-version=7.4`);
    expect([status, JSON.parse(text)]).toEqual([
      403,
      { error: { code: "Forbidden", message: disabled.message, innererror: { code: "SecretDisabled" } } },
    ]);
    await client().updateSecretProperties("switched", properties.version ?? "", { enabled: true });
    expect((await client().getSecret("switched")).value).toBe("x");
  });

  test("nbf and exp inform: outside of them a value is still given out", async () => {
    await client().setSecret("early", "x", { notBefore: new Date("2030-01-01T00:00:00Z") });
    await client().setSecret("late", "y", { expiresOn: new Date("2020-01-01T00:00:00Z") });
    expect((await client().getSecret("early")).value).toBe("x");
    expect((await client().getSecret("late")).value).toBe("y");
  });
});

describe("what a vault refuses", () => {
  const secret = { body: '{"value":"planted"}', method: "PUT" };
  const cases: readonly (readonly [string, string, { method?: string; body?: string }, number, unknown])[] = [
    [
      "a bad name",
      "secrets/under_score",
      secret,
      400,
      { code: "BadParameter", message: "The request URI contains an invalid name: under_score" },
    ],
    [
      "a body without a value",
      "secrets/a",
      { method: "PUT", body: "{}" },
      400,
      {
        code: "BadParameter",
        message: "Property value has invalid value: Invalid input: expected string, received undefined.",
      },
    ],
    [
      "no body",
      "secrets/a",
      { method: "PUT" },
      400,
      {
        code: "BadParameter",
        message: "The body is not valid: Invalid input: expected object, received undefined.",
      },
    ],
    [
      "a body that is not JSON",
      "secrets/a",
      { method: "PUT", body: "{planted}" },
      400,
      { code: "BadParameter", message: "The body is not valid JSON." },
    ],
    [
      "a value of another type",
      "secrets/a",
      { method: "PUT", body: '{"value":["planted"]}' },
      400,
      {
        code: "BadParameter",
        message: "Property value has invalid value: Invalid input: expected string, received array.",
      },
    ],
    [
      "a validity that ends before it begins",
      "secrets/a",
      { method: "PUT", body: '{"value":"planted","attributes":{"nbf":2,"exp":1}}' },
      400,
      { code: "BadParameter", message: "The attribute nbf must lie before exp." },
    ],
    [
      "a page of 26",
      "secrets?maxresults=26&",
      {},
      400,
      { code: "BadParameter", message: "The parameter maxresults must be a number from 1 to 25." },
    ],
    [
      "an unknown operation on secrets",
      "secrets/a/backup",
      { method: "POST" },
      400,
      { code: "NotSupported", message: "Backup of secrets is not supported by this local cloud." },
    ],
    [
      "restoring",
      "secrets/restore",
      { method: "POST" },
      400,
      { code: "NotSupported", message: "Restoring secrets is not supported by this local cloud." },
    ],
    [
      "deleted secrets",
      "deletedsecrets",
      {},
      400,
      { code: "NotSupported", message: "Soft delete is not supported by this local cloud." },
    ],
    [
      "keys",
      "keys/a/create",
      { method: "POST" },
      400,
      { code: "NotSupported", message: "Keys are not supported by this local cloud." },
    ],
    [
      "a method that the path does not take",
      "secrets",
      { method: "DELETE" },
      405,
      { code: "MethodNotAllowed", message: "This path does not take DELETE." },
    ],
    ["an unknown path", "nowhere", {}, 404, { code: "NotFound", message: "A vault has no such path." }],
  ];

  test.each(cases)("%s", async (_what, path, options, status, error) => {
    const separator = path.includes("?") ? "" : "?";
    const answer = await cloud.request(`${vault.uri}${path}${separator}api-version=7.5`, options);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, { error }]);
  });

  test.each([
    ["", "api-version must be specified"],
    [
      "?api-version=1999-01-01",
      "The specified version (1999-01-01) is not recognized. Consider using the latest supported version (2026-04-01).",
    ],
  ])("the api-version of %j", async (query, message) => {
    const answer = await cloud.request(`${vault.uri}secrets${query}`);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { error: { code: "BadParameter", message } },
    ]);
  });

  test("a value of more than 25 kB", async () => {
    expect(await refusalOf(client().setSecret("big", "x".repeat(25_601)))).toEqual({
      status: 400,
      code: "BadParameter",
      message: "The value of a secret has at most 25600 bytes.",
    });
    expect((await client().setSecret("big", "x".repeat(25_600))).value).toHaveLength(25_600);
  });
});
