import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AzureadWire, idsOf, startAzureadWire } from "../../testing/azuread-wire.ts";
import type { Body } from "../../testing/test-graph.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

const analysts = (displayName: string, ...owners: unknown[]) => ({
  "@odata.type": "#microsoft.graph.group",
  description: null,
  displayName,
  groupTypes: [],
  isAssignableToRole: false,
  mailEnabled: false,
  mailNickname: "b3c7f1aa-5",
  membershipRule: null,
  "owners@odata.bind": owners.map((id) => wire.reference(id, "beta")),
  resourceBehaviorOptions: [],
  resourceProvisioningOptions: [],
  securityEnabled: true,
});

async function create(body: Body) {
  const created = await wire.step(201, "POST", "/beta/groups", body);
  const path = `/beta/groups/${created.id}`;
  for (const displayName of ["TERRAFORM_UPDATE_0e2d9a6c-6a54-4f0d-8d5a-0a6ea1c3f003", body.displayName]) {
    await wire.step(204, "PATCH", path, { displayName });
  }
  for (let read = 0; read < 5; read += 1) {
    expect((await wire.step(200, "GET", path)).displayName).toBe(body.displayName);
  }
  return path;
}

async function readRow(path: string) {
  const group = await wire.step(200, "GET", path);
  const [owners, members, memberOf] = [
    await wire.step(200, "GET", `${path}/owners`),
    await wire.step(200, "GET", `${path}/members`),
    await wire.step(200, "GET", `${path}/memberOf`),
  ];
  return { group, owners, members, memberOf };
}

test("create: owners are looked up with their type, members join one by one", async () => {
  const { directory } = wire.graph.cloud.entra;
  const kim = directory.create({ type: "user", displayName: "Kim" });
  const { principalId } = wire.graph.cloud.application("member");
  for (let read = 0; read < 3; read += 1) {
    expect(await wire.step(200, "GET", `/v1.0/directoryObjects/${kim.id}`)).toMatchObject({
      "@odata.type": "#microsoft.graph.user",
      id: kim.id,
    });
  }
  const path = await create(analysts("analysts", wire.caller, kim.id));
  for (const member of [kim.id, principalId]) {
    await wire.step(204, "POST", `${path}/members/$ref`, { "@odata.id": wire.reference(member, "beta") });
  }
  const { group, owners, members, memberOf } = await readRow(path);
  expect(group).toMatchObject({
    displayName: "analysts",
    description: null,
    groupTypes: [],
    mailEnabled: false,
    mailNickname: "b3c7f1aa-5",
    securityEnabled: true,
    securityIdentifier: expect.stringMatching(/^S-1-12-1(-\d+){4}$/),
    proxyAddresses: [],
  });
  expect(idsOf(owners)).toEqual([wire.caller, kim.id].sort());
  expect((members.value as Body[]).map((member) => [member.id, member["@odata.type"]]).sort()).toEqual(
    [
      [kim.id, "#microsoft.graph.user"],
      [principalId, "#microsoft.graph.servicePrincipal"],
    ].sort(),
  );
  expect(memberOf.value).toEqual([]);
});

test("update and delete: differences of members and owners, then gone", async () => {
  const { principalId } = wire.graph.cloud.application("later");
  const path = await create(analysts("changing", wire.caller));
  await wire.step(204, "PATCH", path, { ...without(analysts("changed")), description: "Reads orders" });
  await wire.step(200, "GET", `${path}/members`);
  await wire.step(204, "POST", `${path}/members/$ref`, { "@odata.id": wire.reference(principalId, "beta") });
  await wire.step(204, "DELETE", `${path}/members/${principalId}/$ref`);
  await wire.step(200, "GET", `${path}/owners`);
  await wire.step(204, "POST", `${path}/owners/$ref`, { "@odata.id": wire.reference(principalId, "beta") });
  await wire.step(204, "DELETE", `${path}/owners/${wire.caller}/$ref`);
  const { group, owners, members } = await readRow(path);
  expect(group).toMatchObject({ displayName: "changed", description: "Reads orders" });
  expect([idsOf(owners), idsOf(members)]).toEqual([[principalId], []]);
  const last = await wire.send("DELETE", `${path}/owners/${principalId}/$ref`);
  expect([last.status, (last.body.error as Body).message]).toEqual([
    400,
    "The group must have at least one owner, hence this owner cannot be removed.",
  ]);

  await wire.step(200, "GET", path);
  await wire.step(204, "DELETE", path);
  for (let read = 0; read < 5; read += 1) await wire.step(404, "GET", path);
});

test("is 404 to reads and writes, and as an owner's group, until the replication delay is over", async () => {
  const { faults } = wire.graph.cloud.platform;
  wire.graph.cloud.clock.advance(10_000);
  faults.set("directory-replication", undefined, 10);
  try {
    const { principalId } = wire.graph.cloud.application("young");
    await wire.step(404, "POST", "/beta/groups", analysts("slow", principalId));
    const created = await wire.step(201, "POST", "/beta/groups", analysts("slow", wire.caller));
    await wire.step(404, "PATCH", `/beta/groups/${created.id}`, { displayName: "slow" });
    await wire.step(404, "GET", `/beta/groups/${created.id}`);
    wire.graph.cloud.clock.advance(10_000);
    await wire.step(204, "PATCH", `/beta/groups/${created.id}`, { displayName: "slow" });
    await wire.step(200, "GET", `/beta/groups/${created.id}`);
    await wire.step(201, "POST", "/beta/groups", analysts("slow", principalId));
  } finally {
    faults.clear("directory-replication");
  }
});

test.each([
  [{ groupTypes: ["Unified"] }, "groupTypes"],
  [{ mailEnabled: true }, "mailEnabled"],
  [{ isAssignableToRole: true }, "isAssignableToRole"],
  [{ membershipRule: "user.department -eq 'x'" }, "membershipRule"],
])("refuses %j: security groups alone", async (change, property) => {
  const { status, body } = await wire.send("POST", "/beta/groups", { ...analysts("x"), ...change });
  expect([status, (body.error as Body).message]).toEqual([
    400,
    `The property '${property}' of the type 'Group' must be left out or empty: the local Graph has nothing of this kind.`,
  ]);
});

function without({ "owners@odata.bind": _, ...body }: Body): Body {
  return body;
}
