import { expect, test } from "@jest/globals";
import { readSettings } from "./settings.ts";

const tenantId = "44444444-4444-4444-8444-444444444444";
const clientId = "55555555-5555-4555-8555-555555555555";
const good = {
  AZURE_COSMOS_RESOURCEENDPOINT: "https://shop.documents.azure.com:443/",
  COSMOS_CONTAINERS: "[]",
  CALLER_ISSUER: `https://login.microsoftonline.com/${tenantId}/v2.0`,
  CALLER_AUDIENCE: clientId,
  CALLER_PRINCIPALS: JSON.stringify([{ name: "deployer", objectId: clientId, kind: "principal" }]),
};
const secret = {
  AZURE_COSMOS_CLIENTID: clientId,
  AZURE_COSMOS_TENANTID: tenantId,
  AZURE_COSMOS_AUTHORITY: "https://login.microsoftonline.com",
  AZURE_KEYVAULT_RESOURCEENDPOINT: "https://kv.vault.azure.net/",
  COSMOS_CLIENT_SECRET_NAME: "orders-api",
};

test("a site without a secret's settings uses its managed identity", () => {
  expect(readSettings(good)).toEqual({
    port: 8080,
    endpoint: good.AZURE_COSMOS_RESOURCEENDPOINT,
    scope: "https://cosmos.azure.com/.default",
    containers: [],
    callers: {
      issuer: good.CALLER_ISSUER,
      tenantId,
      audience: clientId,
      listed: [{ name: "deployer", objectId: clientId, kind: "principal" }],
    },
    access: { mode: "managedIdentity" },
  });
});

test("with them it uses the secret", () => {
  expect(readSettings({ ...good, ...secret }).access).toEqual({
    mode: "clientSecret",
    clientId,
    tenantId,
    authority: secret.AZURE_COSMOS_AUTHORITY,
    vaultUrl: secret.AZURE_KEYVAULT_RESOURCEENDPOINT,
    secretName: "orders-api",
  });
});

const listed =
  'CALLER_PRINCIPALS must hold JSON such as [{"name":"n","objectId":"<guid>","kind":"principal"}]';
const issuer = "CALLER_ISSUER must be https://<authority>/<tenant id>/v2.0";

test("every wrong setting is named at once", () => {
  expect(() => readSettings({ PORT: "x", COSMOS_CLIENT_SECRET_NAME: "s" })).toThrow(
    `The settings of the workload are wrong: ${[
      "AZURE_COSMOS_RESOURCEENDPOINT must hold the account's endpoint",
      "PORT must be a number",
      'COSMOS_CONTAINERS must hold JSON such as [{"database":"d","name":"c","partitionKey":["/id"]}]',
      issuer,
      "CALLER_AUDIENCE must be the client id of the workload's registration",
      listed,
      "AZURE_COSMOS_CLIENTID must hold the client id of the registration whose secret is used",
      "AZURE_COSMOS_TENANTID must hold the tenant of that registration",
      "AZURE_COSMOS_AUTHORITY must hold the https origin of the token service",
      "AZURE_KEYVAULT_RESOURCEENDPOINT must hold the https URI of the vault that keeps the secret",
    ].join("; ")}.`,
  );
});

test.each<[string, Record<string, string>, string]>([
  ["an issuer with a slash", { CALLER_ISSUER: `${good.CALLER_ISSUER}/` }, issuer],
  ["an issuer over http", { CALLER_ISSUER: good.CALLER_ISSUER.replace("https", "http") }, issuer],
  ["an issuer for every tenant", { CALLER_ISSUER: "https://login.microsoftonline.com/common/v2.0" }, issuer],
  ["a caller without an id", { CALLER_PRINCIPALS: '[{"name":"n","kind":"principal"}]' }, listed],
  [
    "a caller of another kind",
    { CALLER_PRINCIPALS: `[{"name":"n","objectId":"${clientId}","kind":"x"}]` },
    listed,
  ],
  [
    "a vault over http",
    { ...secret, AZURE_KEYVAULT_RESOURCEENDPOINT: "http://kv.vault.azure.net" },
    "AZURE_KEYVAULT_RESOURCEENDPOINT must hold the https URI of the vault that keeps the secret",
  ],
])("%s is refused", (_, change, fault) => {
  expect(() => readSettings({ ...good, ...change })).toThrow(
    `The settings of the workload are wrong: ${fault}.`,
  );
});

test("nobody may call where nobody is listed", () => {
  expect(readSettings({ ...good, CALLER_PRINCIPALS: "[]" }).callers.listed).toEqual([]);
});
