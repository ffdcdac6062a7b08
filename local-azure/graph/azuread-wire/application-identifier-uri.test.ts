import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AzureadWire, createApplication, startAzureadWire } from "../../testing/azuread-wire.ts";
import type { Body } from "../../testing/test-graph.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

test("create, read and delete: the whole list is written, and read again without waiting", async () => {
  const { id, appId } = await createApplication(wire, { identifierUris: ["api://orders-old"] });
  const path = `/v1.0/applications/${id}`;
  const uris = async () => (await wire.step(200, "GET", path)).identifierUris;
  const added = `api://${appId}`;
  expect(await uris()).toEqual(["api://orders-old"]);
  await wire.step(204, "PATCH", path, { id, identifierUris: ["api://orders-old", added] });
  expect(await uris()).toEqual(["api://orders-old", added]);
  await wire.step(204, "PATCH", path, { id, identifierUris: ["api://orders-old"] });
  expect(await uris()).toEqual(["api://orders-old"]);
});

const form =
  "Invalid value specified for property 'identifierUris' of resource 'Application': each must be an absolute URI of at most 255 characters without spaces.";
const taken = "Another object with the same value for property identifierUris already exists.";
test.each([
  ["orders", form],
  ["api:// orders", form],
  [`api://${"x".repeat(250)}`, form],
  ["API://taken", taken],
  [
    "https://orders.contoso.com",
    "Values of identifierUris property must use a verified domain of the organization or its subdomain: 'https://orders.contoso.com'",
  ],
])("refuses %s", async (uri, message) => {
  await wire.send("POST", "/v1.0/applications", { displayName: "holder", identifierUris: ["api://taken"] });
  const { id } = await createApplication(wire);
  const { status, body } = await wire.send("PATCH", `/v1.0/applications/${id}`, { identifierUris: [uri] });
  expect([status, (body.error as Body).message]).toEqual([400, message]);
});

test("takes a URI of the tenant's own domain", async () => {
  const { id } = await createApplication(wire);
  const identifierUris = ["https://orders.local-azure.example/api"];
  await wire.step(204, "PATCH", `/v1.0/applications/${id}`, { identifierUris });
});
