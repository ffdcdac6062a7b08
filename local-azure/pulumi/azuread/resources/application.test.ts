import { expect, test } from "@jest/globals";
import { PartialFailure } from "../../provider/partial-failure.ts";
import { adRequest, useAzureAd } from "../../testing/azuread-harness.ts";
import { objectId as callerId } from "../../testing/loopback-arm.ts";
import { messageOf } from "../../testing/provider-harness.ts";

const harness = useAzureAd();
const request = adRequest("application");
const id = "aaaaaaaa-0000-4000-8000-000000000001";
const path = `/v1.0/applications/${id}`;
const role = {
  id: "bbbbbbbb-0000-4000-8000-000000000001",
  allowedMemberTypes: ["Application"],
  description: "Reads orders",
  displayName: "Reader",
};

/** Graph as it is after an application was made. */
function exists(application: Record<string, unknown> = {}): void {
  harness.show(path, { id, appId: "app", displayName: "orders", api: {}, tags: [], ...application });
  harness.show(`/beta/applications/${id}`, { oauth2RequirePostResponse: false });
  harness.show(`${path}/owners`, { value: [] });
}

function create(inputs = {}) {
  harness.answer("POST", "/applications", 201, { id, passwordCredentials: [] });
  for (let write = 0; write < 2; write++) harness.answer("PATCH", path, 204);
  harness.answer("DELETE", `${path}/owners/${callerId}/$ref`, 204);
  exists();
  return harness.provider.create(request, {
    displayName: "orders",
    signInAudience: "AzureADMyOrg",
    ...inputs,
  });
}

test("a create posts all there is, changes the name to and fro, takes the caller off the owners and reads", async () => {
  const { id: pulumiId, outputs } = await create();
  expect(pulumiId).toBe(`/applications/${id}`);
  expect(outputs).toMatchObject({ clientId: "app", objectId: id, displayName: "orders", owners: [] });
  expect(harness.sent()).toEqual([
    "POST /v1.0/applications",
    `PATCH ${path}`,
    `PATCH ${path}`,
    `DELETE ${path}/owners/${callerId}/$ref`,
    `GET ${path}`,
    `GET /beta/applications/${id}?$select=oauth2RequirePostResponse`,
    `GET ${path}/owners`,
  ]);
  expect(harness.bodies("POST", "/applications")).toEqual([
    {
      "@odata.type": "#microsoft.graph.application",
      displayName: "orders",
      signInAudience: "AzureADMyOrg",
      description: null,
      notes: null,
      serviceManagementReference: null,
      identifierUris: [],
      api: {
        acceptMappedClaims: false,
        knownClientApplications: [],
        oauth2PermissionScopes: [],
        requestedAccessTokenVersion: 1,
      },
      appRoles: [],
      groupMembershipClaims: null,
      requiredResourceAccess: [],
      web: {
        homePageUrl: null,
        logoutUrl: null,
        redirectUris: [],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      },
      spa: { redirectUris: [] },
      publicClient: { redirectUris: [] },
      info: { marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
      optionalClaims: {},
      tags: [],
      isDeviceOnlyAuthSupported: false,
      isFallbackPublicClient: false,
      "owners@odata.bind": [`${harness.cloud.origin}/graph/v1.0/directoryObjects/${callerId}`],
    },
  ]);
  expect(harness.bodies("PATCH", path)).toEqual([
    expect.objectContaining({ displayName: expect.stringMatching(/^TERRAFORM_UPDATE_[0-9a-f-]{36}$/) }),
    expect.objectContaining({ displayName: "orders" }),
  ]);
  expect(harness.waits).toEqual([]);
});

test("a caller among the owners stays; what is set beyond v1.0 is set in beta", async () => {
  const owner = "cccccccc-0000-4000-8000-000000000001";
  harness.answer("PATCH", "/beta/applications", 204);
  await create({ owners: [owner, callerId.toUpperCase()], oauth2PostResponseRequired: true });
  const sent = harness.sent();
  expect(sent).toContain(`PATCH /beta/applications/${id}`);
  expect(sent.some((line) => line.startsWith("DELETE"))).toBe(false);
  expect(harness.bodies("POST", "/applications")).toMatchObject([
    { "owners@odata.bind": [callerId, owner].map((one) => expect.stringContaining(one)) },
  ]);
});

test.each([
  [404, "Resource 'x' does not exist"],
  [409, "Conflict"],
  [400, "Permission (scope or role) cannot be deleted or updated unless disabled first"],
])("the first changes are repeated after a %d '%s'", async (status, message) => {
  for (let miss = 0; miss < 3; miss++)
    harness.answer("PATCH", path, status, { error: { code: "Request_Later", message } });
  await create();
  expect(harness.waits).toEqual([1000, 2000, 4000]);
});

test("a refusal of the first change leaves a resource whose state is kept", async () => {
  harness.answer("PATCH", path, 400, { error: { code: "Request_BadRequest", message: "no" } });
  const failure = await create().catch((error: unknown) => error);
  if (!(failure instanceof PartialFailure)) throw new Error(`no PartialFailure, but ${failure}`);
  expect(failure.id).toBe(`/applications/${id}`);
  expect(failure.message).toBe(
    "Failed to patch application after creating: unexpected status 400 (400 Bad Request) with error: Request_BadRequest: no",
  );
});

test("a name that is taken is refused with what to import", async () => {
  harness.show("/v1.0/applications", { value: [{ id, displayName: "orders" }] });
  const inputs = { displayName: "orders", preventDuplicateNames: true };
  expect(await messageOf(harness.provider.create(request, inputs))).toBe(
    `A resource with the ID "/applications/${id}" already exists - to be managed via Pulumi this resource needs to be ` +
      `imported into the State: pulumi import azuread:index/application:Application <name> /applications/${id}`,
  );
  expect(harness.sent()).toEqual(["GET /v1.0/applications?$filter=displayName eq 'orders'"]);
});

test("a generated password is kept from the answer that made it, as a secret", async () => {
  harness.answer("POST", "/applications", 201, {
    id,
    passwordCredentials: [{ keyId: "key", displayName: "first", secretText: "hidden" }],
  });
  harness.answer("PATCH", path, 204);
  harness.answer("PATCH", path, 204);
  harness.answer("DELETE", "/owners/", 204);
  exists({ passwordCredentials: [{ keyId: "key", secretText: null }] });
  const { outputs } = await harness.provider.create(request, {
    displayName: "orders",
    password: { displayName: "first" },
  });
  expect(outputs.password).toEqual({
    keyId: "key",
    displayName: "first",
    value: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hidden" },
  });
  expect(harness.bodies("POST", "/applications")).toMatchObject([
    { passwordCredentials: [{ displayName: "first" }] },
  ]);
});

test("an update leaves scopes out that did not change, and disables roles before it changes or removes them", async () => {
  const graphRole = { ...role, isEnabled: true, value: "Orders.Read" };
  exists({ appRoles: [graphRole] });
  for (let write = 0; write < 2; write++) harness.answer("PATCH", path, 204);
  harness.answer("GET", path, 200, { id, appRoles: [graphRole] });
  harness.answer("GET", path, 200, { id, appRoles: [graphRole] });
  harness.answer("GET", path, 200, { id, appRoles: [{ ...graphRole, isEnabled: false }] });
  const before = { displayName: "orders", appRoles: [{ ...role, enabled: true, value: "Orders.Read" }] };
  await harness.provider.update(
    request,
    `/applications/${id}`,
    { inputs: before, outputs: {} },
    { displayName: "orders", appRoles: [] },
  );
  expect(harness.bodies("PATCH", path)).toEqual([
    expect.objectContaining({ appRoles: [{ ...graphRole, isEnabled: false }] }),
    expect.objectContaining({
      appRoles: [],
      api: expect.not.objectContaining({ oauth2PermissionScopes: [] }),
    }),
  ]);
  expect(harness.sent().filter((line) => line.startsWith("PATCH"))).toHaveLength(2);
  expect(harness.waits).toEqual([1000]);
});

test("a password that does not change keeps its key and its secret; one that does is removed and made anew", async () => {
  exists({ passwordCredentials: [{ keyId: "one" }, { keyId: "two" }] });
  for (let write = 0; write < 2; write++) harness.answer("PATCH", path, 204);
  const inputs = { displayName: "orders", password: { displayName: "first" } };
  const state = { inputs, outputs: { password: { keyId: "one", displayName: "first", value: "hidden" } } };
  const renamed = { ...inputs, displayName: "renamed" };
  const same = await harness.provider.update(request, `/applications/${id}`, state, renamed);
  expect(same.outputs.password).toMatchObject({ keyId: "one", value: { value: "hidden" } });
  harness.answer("POST", `${path}/removePassword`, 204);
  harness.answer("POST", `${path}/addPassword`, 200, { keyId: "two", secretText: "new" });
  const changed = { ...inputs, password: { displayName: "second" } };
  const other = await harness.provider.update(request, `/applications/${id}`, state, changed);
  expect(other.outputs.password).toMatchObject({ keyId: "two", value: { value: "new" } });
  expect(harness.bodies("POST", "Password")).toEqual([
    { keyId: "one" },
    { passwordCredential: { displayName: "second" } },
  ]);
});

test("owners that changed are added before others go", async () => {
  exists();
  harness.show(`${path}/owners`, { value: [{ id: "old" }] });
  harness.answer("PATCH", path, 204);
  harness.answer("POST", `${path}/owners/$ref`, 204);
  harness.answer("DELETE", `${path}/owners/old/$ref`, 204);
  const inputs = { displayName: "orders", owners: ["old"] };
  await harness.provider.update(
    request,
    `/applications/${id}`,
    { inputs, outputs: {} },
    { ...inputs, owners: ["new"] },
  );
  expect(harness.sent().slice(0, 4)).toEqual([
    `PATCH ${path}`,
    `GET ${path}/owners`,
    `POST ${path}/owners/$ref`,
    `DELETE ${path}/owners/old/$ref`,
  ]);
});

test("a delete waits only as long as the application is shown", async () => {
  harness.answer("DELETE", path, 204);
  harness.answer("GET", path, 200, { id });
  await harness.provider.delete(request, `/applications/${id}`, { inputs: {}, outputs: {} });
  expect(harness.sent()).toEqual([`DELETE ${path}`, `GET ${path}`, `GET ${path}`]);
  expect(harness.waits).toEqual([5000]);
});

test("an application that is gone is found gone by a refresh; an id of another shape is refused", async () => {
  const state = { inputs: { displayName: "orders" }, outputs: {} };
  expect(await harness.provider.read(request, `/applications/${id}`, state)).toBeUndefined();
  expect(await messageOf(harness.provider.read(request, id, state))).toBe(
    `specified ID ("${id}") is not valid: it must look like /applications/00000000-0000-0000-0000-000000000000`,
  );
});

test("a refresh takes over what drifted and nothing else", async () => {
  const redirectUris = ["https://one.example/", "https://two.example/"];
  exists({ web: { redirectUris, homePageUrl: null } });
  const first = await harness.provider.read(request, `/applications/${id}`, { inputs: {}, outputs: {} });
  const inputs = { displayName: "orders", web: { redirectUris: [...redirectUris].reverse() } };
  const outputs = first?.outputs ?? {};
  const same = await harness.provider.read(request, `/applications/${id}`, { inputs, outputs });
  expect(same?.inputs).toEqual(inputs);
  exists({ web: { redirectUris }, displayName: "renamed", identifierUris: ["api://orders"] });
  const drifted = await harness.provider.read(request, `/applications/${id}`, { inputs, outputs });
  expect(drifted?.inputs).toEqual({ ...inputs, displayName: "renamed", identifierUris: ["api://orders"] });
});

test("an import takes over everything that says something", async () => {
  exists({ signInAudience: "AzureADMyOrg", description: "", appRoles: [], web: { redirectUris: [] } });
  const found = await harness.provider.read(request, `/applications/${id}`, undefined);
  expect(found?.inputs).toEqual({ displayName: "orders", signInAudience: "AzureADMyOrg" });
});
