import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AzureadWire, createApplication, startAzureadWire } from "../../testing/azuread-wire.ts";
import type { Body } from "../../testing/test-graph.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

const scopeId = "5f3c2b1a-1111-4a4a-8b8b-000000000002";
const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

test("create, update and delete: the list is read, changed and written whole; scopes stay", async () => {
  const scopes = [{ id: scopeId, isEnabled: true, type: "User", value: "access" }];
  const { id } = await createApplication(wire, {
    api: { oauth2PermissionScopes: scopes, requestedAccessTokenVersion: 2 },
  });
  const path = `/v1.0/applications/${id}`;
  const write = async (preAuthorizedApplications: readonly Body[]) => {
    await wire.step(200, "GET", path);
    await wire.step(204, "PATCH", path, { api: { preAuthorizedApplications } });
    const { api } = await wire.step(200, "GET", path);
    expect(api).toMatchObject({ oauth2PermissionScopes: scopes, requestedAccessTokenVersion: 2 });
    return (api as Body).preAuthorizedApplications;
  };
  const authorized = { appId: azureCli, delegatedPermissionIds: [scopeId] };
  expect(await write([authorized])).toEqual([authorized]);
  expect(await write([{ ...authorized, delegatedPermissionIds: [] }])).toEqual([
    { ...authorized, delegatedPermissionIds: [] },
  ]);
  expect(await write([])).toEqual([]);
});

test("refuses a scope that the application does not have", async () => {
  const { id } = await createApplication(wire);
  const { status, body } = await wire.send("PATCH", `/v1.0/applications/${id}`, {
    api: { preAuthorizedApplications: [{ appId: azureCli, delegatedPermissionIds: [scopeId] }] },
  });
  expect([status, (body.error as Body).message]).toEqual([
    400,
    `The pre-authorized application ${azureCli} names the permission ${scopeId}, which the application does not have.`,
  ]);
});
