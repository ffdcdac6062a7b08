import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AzureadWire, createApplication, startAzureadWire } from "../../testing/azuread-wire.ts";
import type { Body } from "../../testing/test-graph.ts";

let wire: AzureadWire;
beforeAll(async () => {
  wire = await startAzureadWire();
});
afterAll(() => wire.stop());

const github = {
  "@odata.type": "#microsoft.graph.federatedIdentityCredential",
  audiences: ["api://AzureADTokenExchange"],
  description: null,
  issuer: "https://token.actions.githubusercontent.com",
  name: "github",
  subject: "repo:contoso/orders:environment:dev",
};
const { "@odata.type": _type, ...shown } = github;

test("create, read, update and delete", async () => {
  const { id } = await createApplication(wire);
  const application = `/v1.0/applications/${id}`;
  await wire.step(200, "GET", application);
  const created = await wire.step(201, "POST", `${application}/federatedIdentityCredentials`, github);
  const path = `${application}/federatedIdentityCredentials/${created.id}`;
  for (let read = 0; read < 5; read += 1) {
    expect(await wire.step(200, "GET", path)).toMatchObject({ ...shown, id: created.id });
  }
  await wire.step(204, "PATCH", path, { ...github, id: created.id, description: "dev", subject: "repo:a/b" });
  expect(await wire.step(200, "GET", path)).toMatchObject({ description: "dev", subject: "repo:a/b" });
  const { value } = await wire.step(200, "GET", `${application}/federatedIdentityCredentials`);
  expect(value).toEqual([{ ...shown, id: created.id, description: "dev", subject: "repo:a/b" }]);

  await wire.step(204, "DELETE", path);
  for (let read = 0; read < 5; read += 1) await wire.step(404, "GET", path);
});

test("a new one is 404 until the replication delay is over", async () => {
  const { id } = await createApplication(wire, { displayName: "slow" });
  wire.graph.cloud.platform.faults.set("directory-replication", undefined, 5);
  try {
    const collection = `/v1.0/applications/${id}/federatedIdentityCredentials`;
    const created = await wire.step(201, "POST", collection, github);
    await wire.step(404, "GET", `${collection}/${created.id}`);
    wire.graph.cloud.clock.advance(5_000);
    await wire.step(200, "GET", `${collection}/${created.id}`);
  } finally {
    wire.graph.cloud.platform.faults.clear("directory-replication");
  }
});

const long = "x".repeat(601);
const audiences = "The property 'audiences' must hold exactly one audience of 1 to 600 characters.";
const issuer =
  "The property 'issuer' must be an https URL without user, query and fragment, of at most 600 characters.";
const name =
  "The property 'name' must have 3 to 120 letters, digits, hyphens or underscores, and begin with a letter or digit.";
const subject = "The property 'subject' must have 1 to 600 characters.";
test.each([
  [{ name: "a" }, name],
  [{ name: "a b c" }, name],
  [{ name: "a".repeat(121) }, name],
  [{ issuer: "http://token.example" }, issuer],
  [{ issuer: "https://user@token.example" }, issuer],
  [{ issuer: "https://token.example?x=1" }, issuer],
  [{ issuer: "token.example" }, issuer],
  [{ issuer: `https://${long}` }, issuer],
  [{ subject: "" }, subject],
  [{ subject: long }, subject],
  [{ audiences: [] }, audiences],
  [{ audiences: ["a", "b"] }, audiences],
  [{ audiences: [""] }, audiences],
  [{ description: long }, "The property 'description' must have at most 600 characters."],
  [
    { claimsMatchingExpression: {} },
    "The property 'claimsMatchingExpression' of the type 'FederatedIdentityCredential' is not supported by the local Graph, or is read-only.",
  ],
])("refuses %j", async (change, message) => {
  const { id } = await createApplication(wire);
  const path = `/v1.0/applications/${id}/federatedIdentityCredentials`;
  const { status, body } = await wire.send("POST", path, { ...github, ...change });
  expect([status, (body.error as Body).code, (body.error as Body).message]).toEqual([
    400,
    "Request_BadRequest",
    message,
  ]);
});

test("refuses a taken name, a taken issuer with subject, another name and the twenty-first", async () => {
  const { id } = await createApplication(wire);
  const path = `/v1.0/applications/${id}/federatedIdentityCredentials`;
  const refused = async (method: string, at: string, body: Body) => {
    const answer = await wire.send(method, at, body);
    const { code, message } = answer.body.error as Body;
    return [answer.status, code, message];
  };
  const first = await wire.step(201, "POST", path, github);
  const conflict = "Request_MultipleObjectsWithSameKeyValue";
  expect(await refused("POST", path, { ...github, subject: "other" })).toEqual([
    409,
    conflict,
    "FederatedIdentityCredential with name github already exists.",
  ]);
  expect(await refused("POST", path, { ...github, name: "other" })).toEqual([
    409,
    conflict,
    "FederatedIdentityCredential with the same issuer and subject already exists on the object.",
  ]);
  expect(await refused("PATCH", `${path}/${first.id}`, { name: "other" })).toEqual([
    400,
    "Request_BadRequest",
    "The property 'name' of the type 'FederatedIdentityCredential' cannot be changed.",
  ]);
  for (let count = 1; count < 20; count += 1) {
    await wire.step(201, "POST", path, { ...github, name: `credential-${count}`, subject: `s${count}` });
  }
  expect(await refused("POST", path, { ...github, name: "more", subject: "more" })).toEqual([
    400,
    "Request_BadRequest",
    "The object holds 20 federated identity credentials, which is the most that one may hold.",
  ]);
});
