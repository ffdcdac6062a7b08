import { describe, expect, test } from "@jest/globals";
import type { Values } from "../../provider/values.ts";
import { adRequest, useAzureAd } from "../../testing/azuread-harness.ts";
import { messageOf } from "../../testing/provider-harness.ts";
import { durationOf } from "./duration.ts";

const harness = useAzureAd();
const app = "aaaaaaaa-0000-4000-8000-000000000001";
const keyId = "bbbbbbbb-0000-4000-8000-000000000002";
const path = `/v1.0/applications/${app}`;
const applicationId = `/applications/${app}`;
const nothing = { inputs: {}, outputs: {} };
const secretOf = (value: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("a password", () => {
  const request = adRequest("applicationPassword");
  const listed = {
    id: app,
    passwordCredentials: [{ keyId, displayName: "n", endDateTime: "2027-01-01T00:00:00Z" }],
  };

  test("is added, looked for until it is listed, and kept as a secret", async () => {
    harness.show(path, listed);
    for (const credentials of [[], [], []])
      harness.answer("GET", path, 200, { id: app, passwordCredentials: credentials });
    harness.answer("POST", `${path}/addPassword`, 200, { keyId, secretText: "hidden" });
    const { id, outputs } = await harness.provider.create(request, {
      applicationId,
      displayName: "n",
      endDateRelative: "24h30m",
    });
    expect(id).toBe(`${app}/password/${keyId}`);
    expect(outputs).toEqual({
      applicationId,
      displayName: "n",
      endDate: "2027-01-01T00:00:00Z",
      endDateRelative: "24h30m",
      keyId,
      startDate: "",
      value: secretOf("hidden"),
    });
    expect(harness.bodies("POST", "addPassword")).toEqual([
      { passwordCredential: { displayName: "n", endDateTime: "2026-11-26T00:30:00Z" } },
    ]);
    expect(harness.waits).toEqual([1000, 2000]);
  });

  test("that never appears is given up after twenty looks, and its secret is not lost", async () => {
    harness.show(path, { id: app, passwordCredentials: [] });
    harness.answer("POST", `${path}/addPassword`, 200, { keyId, secretText: "hidden" });
    const failure = await harness.provider
      .create(request, { applicationId })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: `waiting for password for application with object ID "${app}": not found after 20 tries`,
      id: `${app}/password/${keyId}`,
      outputs: { applicationId, value: secretOf("hidden") },
    });
    expect(harness.waits.slice(0, 6)).toEqual([1000, 2000, 4000, 8000, 10000, 10000]);
    expect(harness.waits).toHaveLength(19);
  });

  test("keeps its secret through a refresh, and is gone when it is not listed or its holder is gone", async () => {
    const id = `${app}/password/${keyId}`;
    const state = { inputs: { applicationId }, outputs: { applicationId, value: "hidden" } };
    harness.show(path, listed);
    expect((await harness.provider.read(request, id, state))?.outputs.value).toEqual(secretOf("hidden"));
    harness.show(path, { id: app, passwordCredentials: [] });
    expect(await harness.provider.read(request, id, state)).toBeUndefined();
    harness.show(path, undefined);
    expect(await harness.provider.read(request, id, state)).toBeUndefined();
  });

  test("is removed, and looked for until it is gone", async () => {
    harness.show(path, { id: app, passwordCredentials: [] });
    harness.answer("POST", `${path}/removePassword`, 204);
    harness.answer("GET", path, 200, listed);
    await harness.provider.delete(request, `${app}/password/${keyId}`, nothing);
    expect(harness.sent()).toEqual([`POST ${path}/removePassword`, `GET ${path}`, `GET ${path}`]);
    expect(harness.bodies("POST", "removePassword")).toEqual([{ keyId }]);
    expect(harness.waits).toEqual([5000]);
  });

  test("of a service principal is added without a look at it before", async () => {
    const holder = `/v1.0/servicePrincipals/${app}`;
    harness.show(holder, listed);
    harness.answer("POST", `${holder}/addPassword`, 200, { keyId, secretText: "hidden" });
    const made = await harness.provider.create(adRequest("servicePrincipalPassword"), {
      servicePrincipalId: `/servicePrincipals/${app}`,
    });
    expect(made.id).toBe(`${app}/password/${keyId}`);
    expect(harness.sent()).toEqual([`POST ${holder}/addPassword`, `GET ${holder}`, `GET ${holder}`]);
    expect(harness.bodies("POST", "addPassword")).toEqual([{ passwordCredential: {} }]);
  });
});

describe("a certificate", () => {
  const request = adRequest("applicationCertificate");
  const other = { keyId: "cccccccc-0000-4000-8000-000000000003", key: null, type: "AsymmetricX509Cert" };
  const pem = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";

  test.each([
    ["pem", pem],
    ["base64", "AQID"],
    ["hex", "010203"],
  ])("in %s is sent with all that were there, as the base64 of PEM text", async (encoding, value) => {
    harness.show(path, { id: app, keyCredentials: [other, { keyId, type: "AsymmetricX509Cert" }] });
    harness.answer("GET", path, 200, { id: app, keyCredentials: [other] });
    harness.answer("PATCH", path, 204);
    const inputs: Values = { applicationId, value, encoding, keyId, type: "AsymmetricX509Cert" };
    const { id, outputs } = await harness.provider.create(request, inputs);
    expect(id).toBe(`${app}/certificate/${keyId}`);
    expect(outputs).toMatchObject({ value: secretOf(value), encoding, keyId });
    const added = {
      keyId,
      type: "AsymmetricX509Cert",
      usage: "Verify",
      key: Buffer.from(pem).toString("base64"),
    };
    expect(harness.bodies("PATCH", path)).toEqual([
      { "@odata.type": "#microsoft.graph.application", id: app, keyCredentials: [other, added] },
    ]);
  });

  test("whose application is gone is an error, not gone", async () => {
    const message = await messageOf(harness.provider.read(request, `${app}/certificate/${keyId}`, nothing));
    expect(message).toContain(`Retrieving application with object ID "${app}": unexpected status 404`);
  });

  test("is removed by sending the others", async () => {
    harness.show(path, { id: app, keyCredentials: [other] });
    harness.answer("GET", path, 200, { id: app, keyCredentials: [other, { keyId }] });
    harness.answer("PATCH", path, 204);
    await harness.provider.delete(request, `${app}/certificate/${keyId.toUpperCase()}`, nothing);
    expect(harness.bodies("PATCH", path)).toMatchObject([{ keyCredentials: [other] }]);
  });
});

describe("a federated credential", () => {
  const request = adRequest("applicationFederatedIdentityCredential");
  const credential = `${path}/federatedIdentityCredentials/${keyId}`;
  const inputs = {
    applicationId,
    displayName: "github",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:o/r:environment:dev",
    audiences: ["api://AzureADTokenExchange"],
  };
  const { applicationId: _, displayName, ...rest } = inputs;
  const live = { id: keyId, name: displayName, ...rest, description: null };

  test("is posted and looked for until it is found", async () => {
    harness.show(path, { id: app });
    harness.show(credential, live);
    harness.answer("POST", "/federatedIdentityCredentials", 201, live);
    for (let miss = 0; miss < 2; miss++) harness.answer("GET", credential, 404);
    const { id, outputs } = await harness.provider.create(request, inputs);
    expect(id).toBe(`${app}/federatedIdentityCredential/${keyId}`);
    expect(outputs).toEqual({ ...inputs, credentialId: keyId });
    expect(harness.waits).toEqual([1000, 2000]);
    expect(harness.sent().slice(0, 3)).toEqual([
      `GET ${path}`,
      `POST ${path}/federatedIdentityCredentials`,
      `GET ${credential}`,
    ]);
    expect(harness.bodies("POST", "/federatedIdentityCredentials")).toEqual([
      { name: displayName, ...rest, description: null },
    ]);
  });

  test("is changed in place and deleted until it is gone", async () => {
    const id = `${app}/federatedIdentityCredential/${keyId}`;
    harness.show(credential, { ...live, subject: "new" });
    harness.answer("PATCH", credential, 204);
    const changed = { ...inputs, subject: "new" };
    const { outputs } = await harness.provider.update(request, id, { inputs, outputs: {} }, changed);
    expect(outputs.subject).toBe("new");
    expect(harness.bodies("PATCH", credential)).toMatchObject([{ id: keyId, subject: "new" }]);
    harness.show(credential, undefined);
    harness.answer("DELETE", credential, 204);
    await harness.provider.delete(request, id, nothing);
    expect(harness.waits).toEqual([]);
  });
});

test("operations on one application take turns, so that no list is lost", async () => {
  harness.show(path, { id: app, identifierUris: ["api://one", "api://two"] });
  harness.answer("GET", path, 200, { id: app, identifierUris: [] });
  harness.answer("PATCH", path, 204);
  harness.answer("GET", path, 200, { id: app, identifierUris: ["api://one"] });
  harness.answer("PATCH", path, 204);
  const request = adRequest("applicationIdentifierUri");
  await Promise.all(
    ["api://one", "api://two"].map((identifierUri) =>
      harness.provider.create(request, { applicationId, identifierUri }),
    ),
  );
  expect(harness.bodies("PATCH", path)).toMatchObject([
    { identifierUris: ["api://one"] },
    { identifierUris: ["api://one", "api://two"] },
  ]);
});

test.each([
  ["240h", 864_000_000],
  ["1h30m", 5_400_000],
  ["1.5s", 1500],
  ["-2m", -120_000],
  ["1d", undefined],
  ["", undefined],
  ["5", undefined],
])("the duration %s", (text, milliseconds) => {
  expect(durationOf(text)).toBe(milliseconds);
});
