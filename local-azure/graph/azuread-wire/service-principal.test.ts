import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type AzureadWire,
  createApplication,
  createServicePrincipal,
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

const byAppId = (appId: unknown) => `/v1.0/servicePrincipals${query({ $filter: `appId eq '${appId}'` })}`;

async function readRow(id: unknown) {
  const principal = await wire.step(200, "GET", `/v1.0/servicePrincipals/${id}`);
  const beta = await wire.step(
    200,
    "GET",
    `/beta/servicePrincipals/${id}${query({ $select: "samlMetadataUrl" })}`,
  );
  const owners = await wire.step(200, "GET", `/v1.0/servicePrincipals/${id}/owners`);
  return { principal, beta, owners };
}

test("create: looked up by appId, POST with a temporary description, PATCH, and the caller no longer an owner", async () => {
  const roles = [
    {
      id: "5f3c2b1a-1111-4a4a-8b8b-000000000001",
      allowedMemberTypes: ["User", "Application"],
      displayName: "Writer",
      isEnabled: true,
      value: "write",
    },
  ];
  const { appId } = await createApplication(wire, {
    appRoles: roles,
    identifierUris: ["api://orders-sp"],
    web: { redirectUris: ["https://localhost:8443/callback"] },
  });
  expect(await wire.step(200, "GET", byAppId(appId))).toMatchObject({ value: [] });
  const { id } = await createServicePrincipal(wire, appId);
  const { principal, beta, owners } = await readRow(id);
  expect(principal).toMatchObject({
    accountEnabled: true,
    appDisplayName: "orders",
    appId,
    appOwnerOrganizationId: wire.graph.cloud.platform.tenantId,
    appRoles: roles,
    description: "",
    displayName: "orders",
    oauth2PermissionScopes: [],
    replyUrls: ["https://localhost:8443/callback"],
    servicePrincipalNames: [appId, "api://orders-sp"],
    servicePrincipalType: "Application",
    signInAudience: "AzureADMyOrg",
  });
  expect(beta).toMatchObject({ samlMetadataUrl: null });
  expect(owners.value).toEqual([]);
  expect(idsOf(await wire.step(200, "GET", byAppId(appId)))).toEqual([id]);
});

test("update and delete: the application stays", async () => {
  const { id: applicationId, appId } = await createApplication(wire, { displayName: "updated" });
  const { id } = await createServicePrincipal(wire, appId);
  const owner = wire.graph.cloud.application("owner");
  const path = `/v1.0/servicePrincipals/${id}`;
  await wire.step(204, "PATCH", path, {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    accountEnabled: true,
    alternativeNames: [],
    appRoleAssignmentRequired: true,
    description: "Takes orders",
    id,
    loginUrl: "",
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: "",
    samlSingleSignOnSettings: { relayState: "" },
    tags: ["HideApp"],
  });
  expect((await readRow(id)).principal).toMatchObject({
    appRoleAssignmentRequired: true,
    description: "Takes orders",
    notes: null,
    tags: ["HideApp"],
  });
  await wire.step(200, "GET", `${path}/owners`);
  await wire.step(204, "POST", `${path}/owners/$ref`, { "@odata.id": wire.reference(owner.principalId) });
  expect(idsOf(await wire.step(200, "GET", `${path}/owners`))).toEqual([owner.principalId]);

  await wire.step(204, "DELETE", path);
  for (let read = 0; read < 5; read += 1) await wire.step(404, "GET", path);
  await wire.step(200, "GET", `/v1.0/applications/${applicationId}`);
});

test("those of Microsoft's resources are there to be used, and offer their permissions", async () => {
  const { value } = await wire.step(200, "GET", byAppId("00000003-0000-0000-c000-000000000000"));
  const [graph] = value as Body[];
  expect(graph?.appRoles).toContainEqual(
    expect.objectContaining({ value: "Directory.Read.All", id: "7ab1d382-f21e-4acd-a863-ba3e13f7da61" }),
  );
  expect(graph?.oauth2PermissionScopes).toContainEqual(
    expect.objectContaining({ value: "User.Read", id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d" }),
  );
});

test("of an application that has not replicated is refused with the text that the plugin waits on", async () => {
  wire.graph.cloud.platform.faults.set("directory-replication", undefined, 10);
  try {
    const created = await wire.step(201, "POST", "/v1.0/applications", { displayName: "slow" });
    const refused = await wire.send("POST", "/v1.0/servicePrincipals", { appId: created.appId });
    expect([refused.status, (refused.body.error as Body).message]).toEqual([
      400,
      `The appId '${created.appId}' of the service principal does not reference a valid application object.`,
    ]);
    await wire.step(200, "GET", `/v1.0/applications/${created.id}`);
    await wire.step(404, "PATCH", `/v1.0/applications/${created.id}`, { displayName: "slow" });
    wire.graph.cloud.clock.advance(10_000);
    await wire.step(204, "PATCH", `/v1.0/applications/${created.id}`, { displayName: "slow" });
    const principal = await wire.step(201, "POST", "/v1.0/servicePrincipals", { appId: created.appId });
    await wire.step(200, "GET", `/v1.0/servicePrincipals/${principal.id}`);
    await wire.step(204, "PATCH", `/v1.0/servicePrincipals/${principal.id}`, { description: "" });
  } finally {
    wire.graph.cloud.platform.faults.clear("directory-replication");
  }
});
