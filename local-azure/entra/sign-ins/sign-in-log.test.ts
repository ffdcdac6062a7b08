import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openTestBrowser } from "../../testing/test-browser.ts";
import {
  startTestEntra,
  type TestApplication,
  type TestEntra,
  type TestPerson,
} from "../../testing/test-entra.ts";
import { startTestIssuer } from "../../testing/test-issuer.ts";
import { azureCli, firstParty } from "../first-party.ts";
import type { SignIn } from "./sign-in.ts";

let cloud: TestEntra;
let anna: TestPerson;
let shop: TestApplication;
let file: string;
const arm = "https://management.azure.com/.default";
const guid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

beforeAll(async () => {
  cloud = await startTestEntra();
  anna = cloud.person("anna");
  shop = cloud.application("shop");
  file = join(cloud.platform.directory, "sign-ins.jsonl");
});
afterAll(() => cloud.stop());

const lines = (): SignIn[] =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Everything secret that the requests of this file carried. */
const secrets: string[] = [];

async function ask(form: Readonly<Record<string, string>>) {
  const { grant_type, client_id, scope, ...rest } = form;
  const { body } = await cloud.requestToken({ ...form });
  secrets.push(
    ...Object.entries(rest).flatMap(([name, value]) => (/type|username/.test(name) ? [] : [value])),
    ...["access_token", "refresh_token", "id_token"].flatMap((name) => (body[name] as string) ?? []),
  );
  return body;
}

const secretForm = () => ({
  grant_type: "client_credentials",
  client_id: shop.clientId,
  client_secret: shop.clientSecret,
  scope: arm,
});
const passwordForm = () => ({
  grant_type: "password",
  client_id: azureCli.appId,
  username: anna.username,
  password: anna.password,
  scope: `${arm} offline_access openid`,
});
const ofShop = () => ({
  Category: "ServicePrincipalSignInLogs",
  OperationName: "Sign-in activity",
  CreatedDateTime: "2026-11-20T08:00:00.000Z",
  Id: guid,
  CorrelationId: guid,
  AppId: shop.clientId,
  AppDisplayName: "shop",
  IPAddress: expect.stringMatching(/^(127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/),
  ServicePrincipalId: shop.principalId,
  ServicePrincipalName: "shop",
});
const toManager = () => ({
  ResourceDisplayName: firstParty.resourceManager.displayName,
  ResourceIdentity: firstParty.resourceManager.appId,
  ResourceServicePrincipalId: guid,
  UniqueTokenIdentifier: expect.stringMatching(/^[\w-]{22}$/),
});
const succeeded = { ResultType: "0", ResultDescription: "" };
const last = () => lines().at(-1);

test("is readable by its owner only", async () => {
  await ask(secretForm());
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("names an application, its credential and the resource", async () => {
  const { access_token } = await ask(secretForm());
  expect(last()).toEqual({ ...ofShop(), ...toManager(), ...succeeded, ClientCredentialType: "clientSecret" });
  const [, payload = ""] = String(access_token).split(".");
  const { uti } = JSON.parse(Buffer.from(payload, "base64url").toString());
  expect(last()?.UniqueTokenIdentifier).toBe(uti);
});

test("names the federated credential by which an application came in", async () => {
  const issuer = await startTestIssuer(cloud.platform);
  const audience = "api://AzureADTokenExchange";
  const { id } = cloud.entra.directory.federatedCredentials.add(shop.applicationId, {
    name: "github",
    issuer: issuer.url,
    subject: "s",
    audiences: [audience],
    description: null,
  });
  const { client_secret: _, ...form } = secretForm();
  await ask({
    ...form,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: issuer.assertion({ sub: "s", aud: audience }),
  });
  expect(last()).toEqual({
    ...ofShop(),
    ...toManager(),
    ...succeeded,
    ClientCredentialType: "federatedIdentityCredential",
    FederatedCredentialId: id,
  });
  await issuer.close();
});

test("says why a client was refused", async () => {
  await ask({ ...secretForm(), client_secret: "a-wrong-secret" });
  expect(last()).toEqual({
    ...ofShop(),
    ResultType: "7000215",
    ResultDescription: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${shop.clientId}'.`,
  });
  await ask({ ...secretForm(), client_id: "22222222-2222-2222-2222-222222222222" });
  expect(last()).toMatchObject({
    Category: "ServicePrincipalSignInLogs",
    ResultType: "700016",
    AppId: "22222222-2222-2222-2222-222222222222",
    AppDisplayName: "",
    ServicePrincipalId: "",
  });
});

test("holds a client's own name for itself as a bounded line of plain text", async () => {
  const name = `\u001b[2J\u00e4\n${"x".repeat(94)}`;
  await ask({ ...secretForm(), client_id: name });
  expect(last()).toMatchObject({ ResultType: "700016", AppId: `?[2j??${"x".repeat(94)}` });
  const before = lines().length;
  await ask({ ...secretForm(), client_id: `${name}x` });
  expect(lines()).toHaveLength(before);
});

test("tells people's interactive sign-ins from those that a client makes for them", async () => {
  const person = {
    UserId: anna.id,
    UserPrincipalName: anna.username,
    UserDisplayName: "anna",
    AppId: azureCli.appId,
    AppDisplayName: azureCli.displayName,
  };
  const { refresh_token } = await ask(passwordForm());
  expect(last()).toMatchObject({
    ...person,
    ...toManager(),
    ...succeeded,
    Category: "SignInLogs",
    AuthenticationProtocol: "ropc",
    ClientCredentialType: "none",
  });
  await ask({ grant_type: "refresh_token", client_id: azureCli.appId, refresh_token: String(refresh_token) });
  expect(last()).toMatchObject({ ...person, ...succeeded, Category: "NonInteractiveUserSignInLogs" });
  await ask({ ...passwordForm(), password: "a-wrong-password" });
  expect(last()).toMatchObject({ ...person, Category: "SignInLogs", ResultType: "50126" });
});

test("holds what failed on a page, and not each question of a waiting device", async () => {
  const { origin, tenantId } = cloud.platform;
  const query = new URLSearchParams({
    client_id: azureCli.appId,
    response_type: "code",
    redirect_uri: "http://localhost",
    scope: arm,
  });
  const page = await openTestBrowser().open(`${origin}/${tenantId}/oauth2/v2.0/authorize?${query}`);
  await page.submit({ username: anna.username, password: "another-wrong-password" });
  secrets.push("another-wrong-password");
  expect(last()).toMatchObject({ Category: "SignInLogs", ResultType: "50126", UserId: anna.id });

  const before = lines().length;
  const device = await fetch(`${origin}/${tenantId}/oauth2/v2.0/devicecode`, {
    method: "POST",
    body: new URLSearchParams({ client_id: azureCli.appId, scope: arm }),
  });
  const { device_code } = (await device.json()) as Record<string, string>;
  await ask({ grant_type: "device_code", client_id: azureCli.appId, device_code: device_code ?? "" });
  expect(lines()).toHaveLength(before);
});

test("holds managed identities, given or refused", () => {
  const { directory, issuer } = cloud.entra;
  const { principalId, clientId } = directory.createManagedIdentity("/subscriptions/s/site", "orders-api");
  const ofIdentity = {
    Category: "ManagedIdentitySignInLogs",
    AppId: clientId,
    ServicePrincipalId: principalId,
    ServicePrincipalName: "orders-api",
  };
  issuer.issueForManagedIdentity(principalId, "https://vault.azure.net");
  expect(last()).toMatchObject({ ...ofIdentity, ...succeeded, ResourceDisplayName: "Azure Key Vault" });
  expect(() => issuer.issueForManagedIdentity(principalId, "https://nowhere.example")).toThrow(
    "AADSTS500011",
  );
  expect(last()).toMatchObject({ ...ofIdentity, ResultType: "500011" });
});

test("holds no secret, password, assertion, code or token", () => {
  const text = readFileSync(file, "utf8") + JSON.stringify(cloud.requests);
  expect(secrets.filter((secret) => secret !== "").length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => secret !== "" && text.includes(secret))).toEqual([]);
});
