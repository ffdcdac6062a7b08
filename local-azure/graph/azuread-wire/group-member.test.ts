import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AzureadWire, idsOf, query, startAzureadWire } from "../../testing/azuread-wire.ts";
import { type Body, missing } from "../../testing/test-graph.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

function group(displayName: string) {
  return wire.graph.cloud.entra.directory.create({ type: "group", displayName });
}

test("create, read and delete: the member is looked up in the list by its id", async () => {
  const { id } = group("analysts");
  const { principalId } = wire.graph.cloud.application("member");
  const path = `/beta/groups/${id}`;
  const filtered = `${path}/members${query({ $filter: `id eq '${principalId}'` })}`;
  const reference = { "@odata.id": wire.reference(principalId, "beta") };

  await wire.step(200, "GET", path);
  expect(await wire.step(200, "GET", `${path}/members`)).toMatchObject({ value: [] });
  await wire.step(204, "POST", `${path}/members/$ref`, reference);
  const { value } = await wire.step(200, "GET", filtered);
  expect(value).toEqual([
    expect.objectContaining({ "@odata.type": "#microsoft.graph.servicePrincipal", id: principalId }),
  ]);

  const again = await wire.send("POST", `${path}/members/$ref`, reference);
  expect([again.status, (again.body.error as Body).message]).toEqual([
    400,
    "One or more added object references already exist for the following modified properties: 'members'.",
  ]);
  await wire.step(204, "DELETE", `${path}/members/${principalId}/$ref`);
  for (let read = 0; read < 5; read += 1) expect(idsOf(await wire.step(200, "GET", filtered))).toEqual([]);
  await wire.step(404, "DELETE", `${path}/members/${principalId}/$ref`);
});

test("a young principal can join: the plugin does not try again here", async () => {
  const { faults } = wire.graph.cloud.platform;
  const { id } = group("early");
  faults.set("directory-replication", undefined, 10);
  try {
    const { principalId } = wire.graph.cloud.application("young");
    await wire.step(204, "POST", `/beta/groups/${id}/members/$ref`, {
      "@odata.id": wire.reference(principalId, "beta"),
    });
  } finally {
    faults.clear("directory-replication");
  }
});

test("refuses what is not there, an application, the group itself and what is no reference", async () => {
  const { id } = group("strict");
  const { applicationId } = wire.graph.cloud.application("registration");
  const nobody = "22222222-2222-2222-2222-222222222222";
  const invalid = "An invalid operation was included in the following modified references: 'members'.";
  for (const [reference, status, message] of [
    [wire.reference(nobody), 404, missing(nobody)],
    [wire.reference(applicationId), 400, invalid],
    [wire.reference(id), 400, invalid],
    ["x", 400, "Invalid entity reference: '@odata.id' must end in the id of a directory object."],
    [undefined, 400, "Invalid entity reference: '@odata.id' must end in the id of a directory object."],
  ] as const) {
    const answer = await wire.send("POST", `/beta/groups/${id}/members/$ref`, { "@odata.id": reference });
    expect([answer.status, (answer.body.error as Body).message]).toEqual([status, message]);
  }
});
