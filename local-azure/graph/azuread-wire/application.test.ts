import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type AzureadWire,
  createApplication,
  idsOf,
  query,
  startAzureadWire,
} from "../../testing/azuread-wire.ts";
import type { Body } from "../../testing/test-graph.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

const role = { "@odata.type": "#microsoft.graph.appRole", id: "5f3c2b1a-1111-4a4a-8b8b-000000000001" };
const scope = {
  "@odata.type": "#microsoft.graph.permissionScope",
  id: "5f3c2b1a-1111-4a4a-8b8b-000000000002",
};
const orders = {
  api: {
    "@odata.type": "#microsoft.graph.apiApplication",
    acceptMappedClaims: null,
    knownClientApplications: [],
    oauth2PermissionScopes: [
      {
        ...scope,
        adminConsentDescription: "Read orders",
        adminConsentDisplayName: "Read",
        isEnabled: true,
        type: "User",
        userConsentDescription: null,
        userConsentDisplayName: null,
        value: "orders.read",
      },
    ],
    requestedAccessTokenVersion: 2,
  },
  appRoles: [
    {
      ...role,
      allowedMemberTypes: ["Application"],
      description: "Writes orders",
      displayName: "Writer",
      isEnabled: true,
      value: "orders.write",
    },
  ],
  displayName: "orders",
  groupMembershipClaims: null,
  identifierUris: [],
  info: {
    "@odata.type": "#microsoft.graph.informationalUrl",
    marketingUrl: "",
    privacyStatementUrl: "",
    supportUrl: "",
    termsOfServiceUrl: "",
  },
  isDeviceOnlyAuthSupported: false,
  isFallbackPublicClient: false,
  notes: null,
  optionalClaims: {},
  publicClient: { redirectUris: [] },
  requiredResourceAccess: [
    {
      "@odata.type": "#microsoft.graph.requiredResourceAccess",
      resourceAppId: "a232010e-820c-4083-83bb-3ace5fc29d0b",
      resourceAccess: [{ id: "5f3c2b1a-1111-4a4a-8b8b-000000000003", type: "Scope" }],
    },
  ],
  serviceManagementReference: null,
  signInAudience: "AzureADMyOrg",
  spa: { redirectUris: [] },
  tags: [],
  web: {
    homePageUrl: null,
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    logoutUrl: null,
    redirectUris: [],
  },
};

async function readRow(id: unknown) {
  const application = await wire.step(200, "GET", `/v1.0/applications/${id}`);
  const beta = await wire.step(
    200,
    "GET",
    `/beta/applications/${id}${query({ $select: "oauth2RequirePostResponse" })}`,
  );
  const owners = await wire.step(200, "GET", `/v1.0/applications/${id}/owners`);
  return { application, beta, owners };
}

test("create: duplicate check, POST, two names, the beta property, and the caller no longer an owner", async () => {
  const other = wire.graph.cloud.application("another owner");
  const duplicates = `/v1.0/applications${query({ $filter: "displayName eq 'orders'" })}`;
  expect(await wire.step(200, "GET", duplicates)).toMatchObject({ value: [] });
  const created = await createApplication(wire, {
    ...orders,
    "owners@odata.bind": [wire.reference(wire.caller), wire.reference(other.principalId)],
    passwordCredentials: [{ displayName: "first" }],
  });
  const [password] = created.passwordCredentials as Body[];
  expect(password).toMatchObject({ keyId: expect.any(String), secretText: expect.any(String) });
  await wire.step(204, "PATCH", `/beta/applications/${created.id}`, { oauth2RequirePostResponse: true });
  await wire.step(204, "DELETE", `/v1.0/applications/${created.id}/owners/${wire.caller}/$ref`);
  const { application, beta, owners } = await readRow(created.id);
  expect(application).toMatchObject({
    displayName: "orders",
    appId: created.appId,
    api: { requestedAccessTokenVersion: 2, preAuthorizedApplications: [] },
    publisherDomain: "local-azure.example",
    optionalClaims: {},
    disabledByMicrosoftStatus: null,
  });
  expect(beta).toEqual({
    "@odata.context": expect.stringContaining("/graph/beta/$metadata#applications/$entity"),
    oauth2RequirePostResponse: true,
  });
  expect(owners.value).toEqual([
    expect.objectContaining({ "@odata.type": "#microsoft.graph.servicePrincipal", id: other.principalId }),
  ]);
  expect(idsOf(await wire.step(200, "GET", duplicates))).toEqual([created.id]);
});

test("update: roles and scopes are disabled before they go, `api` without scopes keeps them", async () => {
  const { id } = await createApplication(wire, { ...orders, displayName: "updated" });
  const path = `/v1.0/applications/${id}`;
  const early = await wire.send("PATCH", path, { appRoles: [] });
  expect([early.status, (early.body.error as Body).message]).toEqual([
    400,
    "Permission (scope or role) cannot be deleted or updated unless disabled first.",
  ]);

  const { appRoles } = await wire.step(200, "GET", path);
  const disabled = (appRoles as Body[]).map((entry) => ({ ...entry, isEnabled: false }));
  await wire.step(204, "PATCH", path, { appRoles: disabled, id });
  expect((await wire.step(200, "GET", path)).appRoles).toEqual(disabled.map(withoutType));
  const { oauth2PermissionScopes: _, ...api } = orders.api;
  await wire.step(204, "PATCH", path, {
    ...orders,
    id,
    api: { ...api, requestedAccessTokenVersion: 1 },
    appRoles: [],
    displayName: "updated",
    groupMembershipClaims: "SecurityGroup",
  });
  await wire.step(204, "PATCH", `/beta/applications/${id}`, { oauth2RequirePostResponse: false });
  const { application } = await readRow(id);
  expect(application).toMatchObject({
    appRoles: [],
    groupMembershipClaims: "SecurityGroup",
    api: { requestedAccessTokenVersion: 1, oauth2PermissionScopes: [{ value: "orders.read" }] },
  });

  const scopes = (application.api as Body).oauth2PermissionScopes as Body[];
  const still = scopes.map((entry) => ({ ...entry, isEnabled: false }));
  await wire.step(204, "PATCH", path, { id, api: { oauth2PermissionScopes: still } });
  await wire.step(204, "PATCH", path, { id, api: { oauth2PermissionScopes: [] } });
  const { api: after } = await wire.step(200, "GET", path);
  expect(after).toMatchObject({ oauth2PermissionScopes: [], requestedAccessTokenVersion: 1 });
});

test("update of owners: the list, then each difference", async () => {
  const { id } = await createApplication(wire, { displayName: "owned" });
  const owner = wire.graph.cloud.application("owner");
  const owners = `/v1.0/applications/${id}/owners`;
  expect(idsOf(await wire.step(200, "GET", owners))).toEqual([wire.caller]);
  await wire.step(204, "POST", `${owners}/$ref`, { "@odata.id": wire.reference(owner.principalId) });
  await wire.step(204, "DELETE", `${owners}/${wire.caller}/$ref`);
  expect(idsOf(await wire.step(200, "GET", owners))).toEqual([owner.principalId]);
});

test("delete: gone at once, and again and again", async () => {
  const { id } = await createApplication(wire, { displayName: "deleted" });
  await wire.step(204, "DELETE", `/v1.0/applications/${id}`);
  for (let read = 0; read < 5; read += 1) await wire.step(404, "GET", `/v1.0/applications/${id}`);
});

function withoutType({ "@odata.type": _, ...entry }: Body): Body {
  return entry;
}
