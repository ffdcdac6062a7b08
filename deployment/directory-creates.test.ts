import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { askAzure } from "../connection/azure-request.ts";
import { startTestEntra, type TestEntra } from "../local-azure/testing/test-entra.ts";
import { findInDirectory } from "./directory-creates.ts";
import { cloudOf } from "./testing/cloud-of.ts";

let entra: TestEntra;
beforeAll(async () => {
  entra = await startTestEntra();
});
afterAll(() => entra.stop());

const graph = async (method: string, path: string, body?: object) =>
  (await askAzure(cloudOf(entra), "graph", method, `/v1.0${path}`, body)) as { id: string; appId: string };
const find = (type: string, inputs: Record<string, unknown>) => {
  const name = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  return findInDirectory(
    { urn: "urn", type: `azuread:index/${type}:${name}`, custom: true, inputs },
    cloudOf(entra),
  );
};

test("what was created is found by what the program chose, and nothing else is", async () => {
  const displayName = "keyless-cosmos/dev/o'rders/abcdefgh";
  const { id, appId } = await graph("POST", "/applications", { displayName });
  await graph("POST", "/applications", { displayName: `${displayName}/other` });
  const principal = await graph("POST", "/servicePrincipals", { appId });
  const group = await graph("POST", "/groups", {
    displayName,
    mailEnabled: false,
    mailNickname: "orders",
    securityEnabled: true,
  });
  expect(await find("application", { displayName })).toBe(`/applications/${id}`);
  expect(await find("group", { displayName })).toBe(`/groups/${group.id}`);
  expect(await find("servicePrincipal", { clientId: appId })).toBe(`/servicePrincipals/${principal.id}`);
  expect(await find("application", { displayName: "keyless-cosmos/dev" })).toBeUndefined();
  expect(await find("application", {})).toBeUndefined();
  expect(await find("user", { displayName })).toBeUndefined();
});

test("parts of an application are found in it, or with it not at all", async () => {
  const { id } = await graph("POST", "/applications", { displayName: "parts" });
  const applicationId = `/applications/${id}`;
  const credential = await graph("POST", `/applications/${id}/federatedIdentityCredentials`, {
    name: "github",
    issuer: "https://login.shop.org",
    subject: "exporter",
    audiences: ["api://AzureADTokenExchange"],
  });
  const type = "applicationFederatedIdentityCredential";
  expect(await find(type, { applicationId, displayName: "github" })).toBe(
    `${id}/federatedIdentityCredential/${credential.id}`,
  );
  expect(await find(type, { applicationId, displayName: "okta" })).toBeUndefined();
  const gone = "/applications/0a1b2c3d-0000-4000-8000-000000000001";
  expect(await find(type, { applicationId: gone, displayName: "github" })).toBeUndefined();

  const authorizedClientId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
  expect(await find("applicationPreAuthorized", { applicationId, authorizedClientId })).toBeUndefined();
  const scope = { id: "0a1b2c3d-0000-4000-8000-000000000002", value: "call", type: "User", isEnabled: true };
  const described = {
    ...scope,
    adminConsentDisplayName: "Call",
    adminConsentDescription: "Call",
    userConsentDisplayName: "Call",
    userConsentDescription: "Call",
  };
  await graph("PATCH", `/applications/${id}`, { api: { oauth2PermissionScopes: [described] } });
  await graph("PATCH", `/applications/${id}`, {
    api: { preAuthorizedApplications: [{ appId: authorizedClientId, delegatedPermissionIds: [scope.id] }] },
  });
  expect(await find("applicationPreAuthorized", { applicationId, authorizedClientId })).toBe(
    `${id}/preAuthorizedApplication/${authorizedClientId}`,
  );
});

test("a password whose value was lost is removed, and no other", async () => {
  const { id } = await graph("POST", "/applications", { displayName: "secrets" });
  for (const displayName of ["until 2026-12-27", "until 2027-02-10"]) {
    await graph("POST", `/applications/${id}/addPassword`, { passwordCredential: { displayName } });
  }
  const inputs = { applicationId: `/applications/${id}`, displayName: "until 2027-02-10" };
  expect(await find("applicationPassword", inputs)).toBeUndefined();
  expect(await graph("GET", `/applications/${id}`)).toMatchObject({
    passwordCredentials: [{ displayName: "until 2026-12-27" }],
  });
});

test("a directory that may not be read says neither, and recovery stops", async () => {
  const { clientId, clientSecret } = entra.application("without-permissions");
  const cloud = cloudOf(entra, { clientId, clientSecret });
  const type = "azuread:index/group:Group";
  await expect(
    findInDirectory({ urn: "urn", type, custom: true, inputs: { displayName: "x" } }, cloud),
  ).rejects.toMatchObject({
    code: "KC-RECOVER",
    message: expect.stringMatching(
      /^It is not known whether the Group that was being created exists\. Microsoft Graph answered 403: /,
    ),
  });
});
