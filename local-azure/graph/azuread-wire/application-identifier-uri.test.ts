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
const foreign = (uri: string) =>
  `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`;
test.each([
  ["orders", form],
  ["api:// orders", form],
  [`api://${"x".repeat(250)}`, form],
  ["API://taken", taken],
  [
    "https://orders.contoso.com",
    "Values of identifierUris property must use a verified domain of the organization or its subdomain: 'https://orders.contoso.com'",
  ],
  ["api://azureadtokenexchange", taken],
  ["api://44444444-4444-4444-8444-444444444444", foreign("api://44444444-4444-4444-8444-444444444444")],
  [
    "API://44444444-4444-4444-8444-444444444444/orders",
    foreign("API://44444444-4444-4444-8444-444444444444/orders"),
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

test("takes the id of the application itself and of the tenant after api://, never another application's", async () => {
  const { id, appId } = await createApplication(wire);
  const other = await createApplication(wire);
  const path = `/v1.0/applications/${id}`;
  const { status, body } = await wire.send("PATCH", path, { identifierUris: [`api://${other.appId}`] });
  expect([status, (body.error as Body).code, (body.error as Body).message]).toEqual([
    400,
    "Request_BadRequest",
    foreign(`api://${other.appId}`),
  ]);
  const { tenantId } = wire.graph.cloud.platform;
  await wire.step(204, "PATCH", path, {
    identifierUris: [`api://${appId}`, `api://${appId}/orders`, `api://${tenantId}/orders`],
  });
});
