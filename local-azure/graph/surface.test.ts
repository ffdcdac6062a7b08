import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  anyGuid,
  type Body,
  type GraphTest,
  missing,
  refusal,
  startGraphTest,
} from "../testing/test-graph.ts";

let cloud: GraphTest["cloud"];
let call: GraphTest["call"];
let created: GraphTest["created"];
let tokenOf: GraphTest["tokenOf"];

beforeAll(async () => {
  ({ cloud, call, created, tokenOf } = await startGraphTest());
});
afterAll(() => cloud.stop());

async function refused(method: string, path: string, body?: unknown, authorization?: string) {
  const answer = await call(method, path, body, authorization);
  return { status: answer.status, error: answer.body.error };
}

describe("applications and service principals", () => {
  test("live from creation over a secret that works to deletion", async () => {
    const { origin } = cloud.platform;
    const application = await created("/v1.0/applications", { displayName: "shop" });
    expect(application).toMatchObject({
      "@odata.context": `${origin}/graph/v1.0/$metadata#applications/$entity`,
      id: anyGuid,
      appId: anyGuid,
      displayName: "shop",
      signInAudience: "AzureADMyOrg",
      passwordCredentials: [],
    });
    const principal = await created("/v1.0/servicePrincipals", { appId: application.appId });
    expect(principal).toMatchObject({
      displayName: "shop",
      servicePrincipalType: "Application",
      servicePrincipalNames: [application.appId],
      appOwnerOrganizationId: cloud.platform.tenantId,
      accountEnabled: true,
    });

    const added = await call("POST", `/v1.0/applications/${application.id}/addPassword`, {
      passwordCredential: { displayName: "first", endDateTime: "2027-01-01T00:00:00Z" },
    });
    expect(added.status).toBe(200);
    const { keyId, secretText } = added.body;
    const secret = { clientId: String(application.appId), clientSecret: String(secretText) };
    await expect(tokenOf(secret)).resolves.toMatch(/^ey/);
    const { body: read } = await call("GET", `/v1.0/applications/${application.id}`);
    expect(read.passwordCredentials).toEqual([
      {
        customKeyIdentifier: null,
        displayName: "first",
        endDateTime: "2027-01-01T00:00:00.000Z",
        hint: String(secretText).slice(0, 3),
        keyId,
        secretText: null,
        startDateTime: "2026-11-20T08:00:00.000Z",
      },
    ]);
    const removal = `/v1.0/applications/${application.id}/removePassword`;
    expect((await call("POST", removal, { keyId })).status).toBe(204);
    await expect(tokenOf(secret)).rejects.toThrow("AADSTS7000215");
    expect(await refused("POST", removal, { keyId })).toEqual(
      refusal(400, "Request_BadRequest", `No password credential found with keyId ${keyId}.`),
    );

    expect((await call("DELETE", `/v1.0/applications/${application.id}`)).status).toBe(204);
    for (const path of [`applications/${application.id}`, `servicePrincipals/${principal.id}`]) {
      expect(await refused("GET", `/v1.0/${path}`)).toEqual(
        refusal(404, "Request_ResourceNotFound", missing(path.split("/")[1])),
      );
    }
  });

  test("a PATCH merges nested objects and replaces lists; null clears", async () => {
    const scopes = [{ id: "8d7c1a52-6f9e-4a0b-9c3d-2e5f4b6a7081", value: "read" }];
    const { id } = await created("/v1.0/applications", {
      "@odata.type": "#microsoft.graph.application",
      displayName: "merged",
      api: { requestedAccessTokenVersion: 1, oauth2PermissionScopes: scopes },
      tags: ["a", "b"],
      notes: "x",
    });
    const change = { id, api: { requestedAccessTokenVersion: 2 }, tags: ["c"], notes: null };
    expect((await call("PATCH", `/v1.0/applications/${id}`, change)).status).toBe(204);
    expect((await call("GET", `/v1.0/applications/${id}`)).body).toMatchObject({
      displayName: "merged",
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: scopes, knownClientApplications: [] },
      tags: ["c"],
      notes: null,
    });
  });

  test("are found by filters, alternate keys and pages, at v1.0 and beta", async () => {
    const uri = "api://o'brien";
    const application = await created("/v1.0/applications", {
      displayName: "O'Brien",
      identifierUris: [uri],
    });
    const principal = await created("/v1.0/servicePrincipals", { appId: application.appId });
    const ids = async (path: string) => {
      const { body } = await call("GET", path);
      return (body.value as Body[]).map(({ id }) => id);
    };
    const query = (filter: string) => `?${new URLSearchParams({ $filter: filter })}`;
    for (const version of ["v1.0", "beta"]) {
      const applications = `/${version}/applications`;
      const principals = `/${version}/servicePrincipals`;
      expect(await ids(`${applications}${query(`appId eq '${application.appId}'`)}`)).toEqual([
        application.id,
      ]);
      expect(await ids(`${applications}${query("displayName eq 'o''brien'")}`)).toEqual([application.id]);
      expect(await ids(`${applications}${query("startswith(displayName,'O''B')")}`)).toEqual([
        application.id,
      ]);
      expect(
        await ids(`${principals}${query("servicePrincipalNames/any(c:c eq 'api://o''brien')")}`),
      ).toEqual([principal.id]);
      expect(await ids(`${principals}${query(`appId eq '${application.id}'`)}`)).toEqual([]);
      const byKey = await call("GET", `${principals}(appId='${application.appId}')?$select=id,appId`);
      expect(byKey.body).toEqual({
        "@odata.context": expect.stringContaining(`/graph/${version}/$metadata#servicePrincipals/$entity`),
        id: principal.id,
        appId: application.appId,
      });
    }
    const all = await ids("/v1.0/servicePrincipals");
    const paged: unknown[] = [];
    let next: unknown = "/v1.0/servicePrincipals?$top=2&$select=id";
    while (typeof next === "string") {
      const { body } = await call("GET", next);
      const page = body.value as Body[];
      expect(page.length).toBeLessThanOrEqual(2);
      paged.push(...page.map(({ id }) => id));
      next = body["@odata.nextLink"];
    }
    expect(paged).toEqual(all);
  });

  test("those of Microsoft's own resources are there", async () => {
    const { body } = await call(
      "GET",
      "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')",
    );
    expect(body).toMatchObject({
      displayName: "Microsoft Graph",
      servicePrincipalNames: expect.arrayContaining(["https://graph.microsoft.com"]),
      appOwnerOrganizationId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    });
    for (const appId of [
      "797f4846-ba00-4fd7-ba43-dac1f8f63013",
      "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
      "a232010e-820c-4083-83bb-3ace5fc29d0b",
    ]) {
      expect((await call("GET", `/v1.0/servicePrincipals(appId='${appId}')`)).status).toBe(200);
    }
  });

  test("disabling a service principal ends its tokens, renaming its application renames it", async () => {
    const { applicationId, principalId, clientId, clientSecret } = cloud.application("before");
    await call("PATCH", `/v1.0/applications/${applicationId}`, { displayName: "after" });
    await call("PATCH", `/v1.0/servicePrincipals/${principalId}`, { accountEnabled: false, notes: "off" });
    expect((await call("GET", `/v1.0/servicePrincipals/${principalId}`)).body).toMatchObject({
      displayName: "after",
      accountEnabled: false,
      notes: "off",
    });
    await expect(tokenOf({ clientId, clientSecret })).rejects.toThrow("AADSTS7000112");
    expect((await call("DELETE", `/v1.0/servicePrincipals/${principalId}`)).status).toBe(204);
    await expect(tokenOf({ clientId, clientSecret })).rejects.toThrow("AADSTS7000229");
  });

  test("a new application may bring its first secret, and a service principal has secrets of its own", async () => {
    const application = await created("/v1.0/applications", {
      displayName: "with secret",
      passwordCredentials: [{ displayName: "p" }],
    });
    const [password] = application.passwordCredentials as Body[];
    const principal = await created("/v1.0/servicePrincipals", { appId: application.appId });
    const clientId = String(application.appId);
    await expect(tokenOf({ clientId, clientSecret: String(password?.secretText) })).resolves.toMatch(/^ey/);
    const own = await call("POST", `/v1.0/servicePrincipals/${principal.id}/addPassword`, {});
    const ownSecret = { clientId, clientSecret: String(own.body.secretText) };
    await expect(tokenOf(ownSecret)).resolves.toMatch(/^ey/);
    const removal = `/v1.0/servicePrincipals/${principal.id}/removePassword`;
    expect((await call("POST", removal, { keyId: own.body.keyId })).status).toBe(204);
    await expect(tokenOf(ownSecret)).rejects.toThrow("AADSTS7000215");
    await expect(tokenOf({ clientId, clientSecret: String(password?.secretText) })).resolves.toMatch(/^ey/);
  });
});

describe("directory objects", () => {
  test("carry their type, alone and by ids", async () => {
    const { directory } = cloud.entra;
    const identity = directory.createManagedIdentity(
      "/subscriptions/s/resourceGroups/g/providers/P/t/n",
      "n",
    );
    const group = directory.create({ type: "group", displayName: "readers" });
    const one = await call("GET", `/beta/directoryObjects/${identity.principalId.toUpperCase()}`);
    expect(one.body).toMatchObject({
      "@odata.type": "#microsoft.graph.servicePrincipal",
      id: identity.principalId,
      servicePrincipalType: "ManagedIdentity",
      alternativeNames: ["isExplicit=False", "/subscriptions/s/resourceGroups/g/providers/P/t/n"],
    });
    const ids = [group.id, "22222222-2222-2222-2222-222222222222", identity.principalId];
    const typesOf = async (types?: string[]) => {
      const { body } = await call("POST", "/beta/directoryObjects/getByIds", { ids, types });
      return (body.value as Body[]).map((object) => object["@odata.type"]);
    };
    expect(await typesOf()).toEqual(["#microsoft.graph.group", "#microsoft.graph.servicePrincipal"]);
    expect(await typesOf(["group"])).toEqual(["#microsoft.graph.group"]);
    expect(await refused("DELETE", `/v1.0/servicePrincipals/${identity.principalId}`)).toEqual(
      refusal(
        400,
        "Request_BadRequest",
        "A managed identity is deleted with its resource, not through Graph.",
      ),
    );
  });
});
