import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type AzureadWire,
  createApplication,
  createServicePrincipal,
  idsOf,
  startAzureadWire,
} from "../../testing/azuread-wire.ts";
import { type Body, missing } from "../../testing/test-graph.ts";

let wire: AzureadWire;
let resource: Body;
beforeAll(async () => {
  wire = await startAzureadWire();
  const { appId } = await createApplication(wire, { appRoles: roles, displayName: "orders" });
  resource = await createServicePrincipal(wire, appId);
});
afterAll(() => wire.stop());

const [write, admin, off] = [1, 2, 3].map((n) => `5f3c2b1a-1111-4a4a-8b8b-00000000000${n}`);
const noRole = "00000000-0000-0000-0000-000000000000";
const roles = [
  { id: write, allowedMemberTypes: ["Application"], displayName: "Writer", isEnabled: true, value: "write" },
  { id: admin, allowedMemberTypes: ["User"], displayName: "Admin", isEnabled: true, value: "admin" },
  { id: off, allowedMemberTypes: ["Application"], displayName: "Off", isEnabled: false, value: "off" },
];

const assigned = () => `/v1.0/servicePrincipals/${resource.id}/appRoleAssignedTo`;
const assignment = (principalId: unknown, appRoleId: unknown = write) => ({
  "@odata.type": "#microsoft.graph.appRoleAssignment",
  appRoleId,
  principalId,
  resourceId: resource.id,
});

test("create, read and delete: the single assignment is read by its id, from both ends", async () => {
  const { principalId } = wire.graph.cloud.application("shop");
  await wire.step(200, "GET", `/v1.0/servicePrincipals/${resource.id}`);
  const created = await wire.step(201, "POST", assigned(), assignment(principalId));
  const path = `${assigned()}/${created.id}`;
  expect(await wire.step(200, "GET", path)).toEqual({
    "@odata.context": expect.stringContaining("appRoleAssignedTo/$entity"),
    id: expect.stringMatching(/^[\w-]{43}$/),
    deletedDateTime: null,
    appRoleId: write,
    createdDateTime: "2026-11-20T08:00:00.000Z",
    principalDisplayName: "shop",
    principalId,
    principalType: "ServicePrincipal",
    resourceDisplayName: "orders",
    resourceId: resource.id,
  });
  const mine = `/v1.0/servicePrincipals/${principalId}/appRoleAssignments`;
  expect(idsOf(await wire.step(200, "GET", mine))).toEqual([created.id]);
  expect(idsOf(await wire.step(200, "GET", assigned()))).toEqual([created.id]);

  const again = await wire.send("POST", assigned(), assignment(principalId));
  expect([again.status, (again.body.error as Body).message]).toEqual([
    400,
    "Permission being assigned already exists on the object",
  ]);
  await wire.step(204, "DELETE", path);
  const gone = await wire.send("GET", path);
  expect([gone.status, (gone.body.error as Body).message]).toEqual([404, missing(created.id)]);
});

test("a person, and a group, take roles for users", async () => {
  const { directory } = wire.graph.cloud.entra;
  const person = directory.create({ type: "user", displayName: "Kim" });
  const group = directory.create({ type: "group", displayName: "admins" });
  for (const [principal, type, collection] of [
    [person, "User", "users"],
    [group, "Group", "groups"],
  ] as const) {
    const path = `/v1.0/${collection}/${principal.id}/appRoleAssignments`;
    const created = await wire.step(201, "POST", path, assignment(principal.id, admin));
    expect(created).toMatchObject({ principalType: type });
    await wire.step(200, "GET", `${path}/${created.id}`);
    await wire.step(204, "DELETE", `${path}/${created.id}`);
  }
});

const notFound = "Permission being assigned was not found on application";
test.each([
  ["a role that the application does not have", "7e57d004-2b97-4e7a-b45f-5387367791cd", notFound],
  ["a role for users alone", admin, notFound],
  ["a disabled role", off, notFound],
  ["no role where there are some", noRole, notFound],
])("refuses %s", async (_, appRoleId, message) => {
  const { principalId } = wire.graph.cloud.application("shop");
  const { status, body } = await wire.send("POST", assigned(), assignment(principalId, appRoleId));
  expect([status, (body.error as Body).message]).toEqual([400, message]);
});

test("an application that offers no roles is assigned without one", async () => {
  const [shop, plain] = ["shop", "plain"].map((name) => wire.graph.cloud.application(name).principalId);
  await wire.step(201, "POST", `/v1.0/servicePrincipals/${plain}/appRoleAssignedTo`, {
    appRoleId: noRole,
    principalId: shop,
    resourceId: plain,
  });
});

test("a principal that has not replicated is no valid reference", async () => {
  const { faults } = wire.graph.cloud.platform;
  faults.set("directory-replication", undefined, 10);
  try {
    const { principalId } = wire.graph.cloud.application("young");
    const early = await wire.send("POST", assigned(), assignment(principalId));
    expect([early.status, (early.body.error as Body).message]).toEqual([
      400,
      "Not a valid reference update.",
    ]);
    wire.graph.cloud.clock.advance(10_000);
    const created = await wire.step(201, "POST", assigned(), assignment(principalId));
    await wire.step(200, "GET", `${assigned()}/${created.id}`);
  } finally {
    faults.clear("directory-replication");
  }
});
