import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../../../testing/test-cloud.ts";
import type { Values } from "../../provider/values.ts";
import { messageOf } from "../../testing/provider-harness.ts";
import { AzureAdProvider } from "../provider.ts";

let cloud: TestCloud;
let provider: AzureAdProvider;

beforeAll(async () => {
  cloud = await startTestCloud();
  provider = new AzureAdProvider({
    environment: {
      ARM_METADATA_HOSTNAME: new URL(cloud.origin).host,
      ARM_TENANT_ID: cloud.tenantId,
      ARM_CLIENT_ID: cloud.deployer.clientId,
      ARM_CLIENT_SECRET: cloud.deployer.clientSecret,
    },
    readFile: () => "",
    nowMs: () => Date.now(),
    sleep: async () => undefined,
    version: "6.9.1",
    warn: () => undefined,
  });
  await provider.configure(new Map());
});
afterAll(() => cloud.close());

function invoke(name: string, args: Values = {}): Promise<Values> {
  return provider.invoke(`azuread:index/${name}:${name}`, args);
}

async function make(file: string, inputs: Values): Promise<Values> {
  const token = `azuread:index/${file}:${file.charAt(0).toUpperCase()}${file.slice(1)}`;
  const checked = await provider.check(token, {
    oldInputs: {},
    newInputs: inputs,
    logicalName: "it",
    seed: Buffer.alloc(0),
    autonaming: undefined,
  });
  expect(checked.failures).toEqual([]);
  const { id, outputs } = await provider.create({ token, urn: "urn", timeout: 0 }, checked.inputs);
  return { ...outputs, id };
}

describe("a registration is found", () => {
  const uri = "api://local-azure.example/it's";
  let made: Values;
  beforeAll(async () => {
    made = await make("application", {
      displayName: "it's",
      identifierUris: [uri],
      web: { redirectUris: ["https://localhost/"] },
    });
  });

  test.each(["clientId", "displayName", "objectId", "identifierUri"])("by its %s", async (key) => {
    const value = key === "identifierUri" ? uri : (made[key] ?? "");
    const found = await invoke("getApplication", { [key]: value });
    expect(found).toMatchObject({
      id: made.id,
      clientId: made.clientId,
      displayName: "it's",
      identifierUris: [uri],
      webs: [{ redirectUris: ["https://localhost/"] }],
      apis: [{ requestedAccessTokenVersion: 1 }],
    });
  });

  test("by one key only, and only where there is one", async () => {
    expect(await messageOf(invoke("getApplication", {}))).toBe(
      "one of clientId, displayName, identifierUri, objectId must be specified",
    );
    expect(await messageOf(invoke("getApplication", { clientId: "a", objectId: "b" }))).toBe(
      "one of clientId, displayName, identifierUri, objectId must be specified, and only one",
    );
    expect(await messageOf(invoke("getApplication", { displayName: "nobody's" }))).toBe(
      "No application found matching filter: \"displayName eq 'nobody''s'\"",
    );
  });
});

test("service principals of Microsoft's are found with what they offer", async () => {
  const { result } = await invoke("getApplicationPublishedAppIds");
  const { MicrosoftGraph = "", AzureCosmosDb = "" } = result as Values;
  const found = await invoke("getServicePrincipal", { clientId: MicrosoftGraph });
  expect(found).toMatchObject({ displayName: "Microsoft Graph", samlSingleSignOns: [] });
  expect(found.oauth2PermissionScopeIds).toMatchObject({
    "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
  });
  const byId = await invoke("getServicePrincipal", { objectId: found.objectId ?? "" });
  expect(byId).toEqual(found);
  expect(await invoke("getServicePrincipal", { clientId: AzureCosmosDb })).toMatchObject({
    type: "Application",
  });
});

test("a group is found by its name and flags, with members of its groups where that is asked", async () => {
  const { objectId: caller = "" } = await invoke("getClientConfig");
  const inner = await make("group", { displayName: "inner", securityEnabled: true, members: [caller] });
  const outer = await make("group", {
    displayName: "outer",
    securityEnabled: true,
    members: [inner.objectId ?? ""],
  });
  const found = await invoke("getGroup", { displayName: "outer", securityEnabled: true });
  expect(found).toMatchObject({ id: outer.id, members: [inner.objectId], includeTransitiveMembers: false });
  const deep = await invoke("getGroup", { objectId: outer.objectId ?? "", includeTransitiveMembers: true });
  expect(deep.members).toEqual([inner.objectId, caller].toSorted());
  expect(await messageOf(invoke("getGroup", { displayName: "outer", mailEnabled: true }))).toBe(
    "No group found matching filter: \"displayName eq 'outer' and mailEnabled eq true\"",
  );
});

describe("people are found", () => {
  const userPrincipalName = "ada@local-azure.example";
  let ada: Values;
  beforeAll(async () => {
    const { token } = await cloud.credential().getToken(`${cloud.origin}/graph/.default`);
    const response = await fetch(`${cloud.origin}/graph/v1.0/users`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        accountEnabled: true,
        displayName: "Ada",
        mailNickname: "ada",
        userPrincipalName,
        passwordProfile: { password: "A-long-enough-1" },
      }),
    });
    expect(response.status).toBe(201);
    ada = (await response.json()) as Values;
  });

  test("one, by name or id", async () => {
    const found = await invoke("getUser", { userPrincipalName });
    expect(found).toMatchObject({
      id: ada.id,
      objectId: ada.id,
      displayName: "Ada",
      mailNickname: "ada",
      accountEnabled: true,
      managerId: "",
    });
    expect(await invoke("getUser", { objectId: ada.id ?? "" })).toEqual(found);
  });

  test("several, and those that are missing only where that is allowed", async () => {
    const names = [userPrincipalName, "nobody@local-azure.example"];
    expect(await messageOf(invoke("getUsers", { userPrincipalNames: names }))).toBe(
      'User with userPrincipalName "nobody@local-azure.example" was not found',
    );
    expect(await invoke("getUsers", { userPrincipalNames: names, ignoreMissing: true })).toMatchObject({
      objectIds: [ada.id],
      userPrincipalNames: [userPrincipalName],
    });
    const everybody = await invoke("getUsers", { returnAll: true });
    expect(everybody.objectIds).toContain(ada.id);
    expect(await messageOf(invoke("getUsers", {}))).toBe(
      "one of userPrincipalNames, objectIds, mailNicknames, mails, employeeIds, returnAll must be specified",
    );
  });
});

test("a function that the plugin has not is refused with those it has", async () => {
  expect(await messageOf(invoke("getDomains"))).toContain(
    "the local azuread plugin does not know the function 'azuread:index/getDomains:getDomains'. It knows " +
      "azuread:index/getApplication:getApplication,",
  );
});
