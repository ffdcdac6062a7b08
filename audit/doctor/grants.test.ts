import { CosmosClient } from "@azure/cosmos";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { dataActions } from "../../rbac/cosmos/data-actions.ts";
import type { Diagnosis } from "./diagnose.ts";
import { type DoctorCloud, startDoctorCloud } from "./testing/doctor-cloud.ts";

/** DocumentDB Account Contributor. */
const accountContributor = "5bd9cd88-fe45-4216-938b-f97437e15450";

let doctor: DoctorCloud;
beforeAll(async () => {
  doctor = await startDoctorCloud();
});
afterAll(() => doctor.close());

const found = ({ cause, verdict }: Diagnosis) => ({ code: cause?.code, link: cause?.link, verdict });
const works = { code: undefined, link: undefined, verdict: "works" };
const lacks = (code: string) => ({ code, link: "grant", verdict: "broken" });

test("a principal without any role has no grant; with one, access works and was tried", async () => {
  const app = doctor.application("without a grant");
  const credential = await doctor.token(app);
  const diagnosis = await doctor.ask({ principal: app.principalId, credential });
  expect(found(diagnosis)).toEqual(lacks("KC-DOCTOR-NO-GRANT"));
  expect(diagnosis.cause?.fix).toContain(app.principalId);
  const assignment = await doctor.grant(app.principalId, "reader");
  const mended = await doctor.ask({ principal: app.principalId, credential });
  expect({ ...found(mended), tried: mended.tried }).toEqual({ ...works, tried: true });
  const why = mended.links.find(({ link }) => link === "grant")?.check.why;
  expect(why).toBe(`Cosmos DB Built-in Data Reader on orders/orders (assignment ${assignment})`);
});

test("a control-plane role that was taken for a data-plane one is named (pain 14)", async () => {
  const app = doctor.application("contributor of the account");
  await doctor.assign(app.principalId, accountContributor);
  const diagnosis = await doctor.ask({ principal: app.clientId });
  expect(found(diagnosis)).toEqual(lacks("KC-DOCTOR-CONTROL-PLANE-ROLE"));
  expect(diagnosis.cause?.why).toContain("DocumentDB Account Contributor on /subscriptions/");
  await doctor.grant(app.principalId, "contributor", "");
  expect(found(await doctor.ask({ principal: app.clientId }))).toEqual(works);
});

test("a grant on another container is one of the wrong scope", async () => {
  const app = doctor.application("elsewhere");
  const assignment = await doctor.grant(app.principalId, "contributor", "/dbs/orders/colls/audit");
  const diagnosis = await doctor.ask({ principal: app.principalId, operation: "createItem" });
  expect(found(diagnosis)).toEqual(lacks("KC-DOCTOR-WRONG-SCOPE"));
  expect(diagnosis.cause?.why).toBe(
    `the grants that allow createItem reach elsewhere, not orders/orders: Cosmos DB Built-in Data Contributor on orders/audit (assignment ${assignment})`,
  );
  const there = { principal: app.principalId, operation: "createItem", target: "orders/audit" } as const;
  expect(found(await doctor.ask(there))).toEqual(works);
});

test("a role without the action is told apart from a wrong scope", async () => {
  const app = doctor.application("reader that writes");
  await doctor.grant(app.principalId, "reader");
  const diagnosis = await doctor.ask({ principal: app.principalId, operation: "upsertItem" });
  expect(found(diagnosis)).toEqual(lacks("KC-DOCTOR-MISSING-ACTION"));
  expect(diagnosis.cause?.why).toContain(dataActions.upsertItem);
  expect(found(await doctor.ask({ principal: app.principalId, operation: "queryItems" }))).toEqual(works);
});

test("a role without readMetadata opens nothing to an SDK", async () => {
  const app = doctor.application("without metadata");
  await doctor.grant(app.principalId, await doctor.define([dataActions.readItem]));
  const diagnosis = await doctor.ask({ principal: app.principalId });
  expect(found(diagnosis)).toEqual(lacks("KC-DOCTOR-MISSING-ACTION"));
  expect(diagnosis.cause?.why).toContain(dataActions.readMetadata);
});

test("creating what holds items is refused to every token (pain 13)", async () => {
  const app = doctor.application("creates its containers");
  await doctor.grant(app.principalId, "contributor", "");
  const client = new CosmosClient({
    endpoint: doctor.account.endpoint,
    agent: doctor.cloud.agent,
    aadCredentials: doctor.cloud.credential(app),
  });
  await expect(
    client.database("orders").containers.create({ id: "new", partitionKey: "/id" }),
  ).rejects.toMatchObject({ code: 403, substatus: 5300 });
  client.dispose();
  const diagnosis = await doctor.ask({ principal: app.principalId, operation: "createContainer" });
  expect(found(diagnosis)).toEqual({
    code: "KC-DOCTOR-MANAGEMENT-OPERATION",
    link: "operation",
    verdict: "broken",
  });
});

test("each operation is tried with the principal's token and leaves nothing behind", async () => {
  const app = doctor.application("tries all");
  await doctor.grant(app.principalId, "contributor");
  const credential = await doctor.token(app);
  for (const operation of [
    "readContainer",
    "readItem",
    "queryItems",
    "readChangeFeed",
    "replaceItem",
    "patchItem",
    "deleteItem",
  ] as const) {
    const { verdict, tried } = await doctor.ask({ principal: app.principalId, credential, operation });
    expect({ operation, verdict, tried }).toEqual({ operation, verdict: "works", tried: true });
  }
  const untried = await doctor.ask({ principal: app.principalId, credential, operation: "createItem" });
  expect({ verdict: untried.verdict, tried: untried.tried }).toEqual({ verdict: "works", tried: false });
  const written = await doctor.ask({
    principal: app.principalId,
    credential,
    operation: "createItem",
    write: true,
  });
  expect({ verdict: written.verdict, tried: written.tried, notes: written.notes }).toEqual({
    verdict: "works",
    tried: true,
    notes: [],
  });
  const client = new CosmosClient({
    endpoint: doctor.account.endpoint,
    agent: doctor.cloud.agent,
    aadCredentials: doctor.cloud.credential(app),
  });
  const { resources } = await client.database("orders").container("orders").items.readAll().fetchAll();
  client.dispose();
  expect(resources).toEqual([]);
});

test("an item that may be made and not deleted is told of", async () => {
  const app = doctor.application("appends");
  const role = await doctor.define([dataActions.readMetadata, dataActions.createItem]);
  await doctor.grant(app.principalId, role);
  const diagnosis = await doctor.ask({
    principal: app.principalId,
    credential: await doctor.token(app),
    operation: "createItem",
    write: true,
  });
  expect(diagnosis.verdict).toBe("works");
  expect(diagnosis.notes.map(({ code }) => code)).toEqual(["KC-DOCTOR-ITEM-LEFT"]);
});

test("the account and a database are targets too", async () => {
  const app = doctor.application("looks at the account");
  const credential = await doctor.token(app);
  expect(found(await doctor.ask({ principal: app.principalId, credential, target: "account" }))).toEqual(
    lacks("KC-DOCTOR-NO-GRANT"),
  );
  await doctor.grant(app.principalId, "reader", "/dbs/orders");
  for (const target of ["account", "orders", "orders/audit"]) {
    const { verdict, tried } = await doctor.ask({ principal: app.principalId, credential, target });
    expect({ target, verdict, tried }).toEqual({ target, verdict: "works", tried: true });
  }
});

test("a grant to a group holds for its members, once it stands in their token", async () => {
  const app = doctor.application("member");
  const group = doctor.directory.create({ type: "group", displayName: "analysts" });
  const assignment = await doctor.grant(group.id, "reader");
  const old = await doctor.token(app);
  expect(found(await doctor.ask({ principal: app.principalId, credential: old }))).toEqual(
    lacks("KC-DOCTOR-NO-GRANT"),
  );
  doctor.directory.memberships.add(group.id, app.principalId);
  expect(found(await doctor.ask({ principal: app.principalId, credential: old }))).toEqual({
    code: "KC-DOCTOR-GROUP-NOT-IN-TOKEN",
    link: "data plane",
    verdict: "broken",
  });
  const mended = await doctor.ask({ principal: app.principalId, credential: await doctor.token(app) });
  expect({ ...found(mended), tried: mended.tried }).toEqual({ ...works, tried: true });
  expect(mended.links.find(({ link }) => link === "grant")?.check.why).toContain(
    `(assignment ${assignment}, through the group ${group.id})`,
  );
  expect(found(await doctor.ask({ principal: group.id }))).toEqual(works);
});
