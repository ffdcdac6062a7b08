import { ClientSecretCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestEntra, type TestEntra } from "../testing/test-entra.ts";

let cloud: TestEntra;
let deployerToken: string;

beforeAll(async () => {
  cloud = await startTestEntra();
  deployerToken = await tokenOf(cloud.entra.deployer);
});
afterAll(() => cloud.stop());

async function tokenOf(
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  scope = `${cloud.platform.origin}/graph/.default`,
): Promise<string> {
  const { origin, tenantId } = cloud.platform;
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost: origin,
    disableInstanceDiscovery: true,
  });
  return (await credential.getToken(scope)).token;
}

type Body = Record<string, unknown>;

async function call(method: string, path: string, body?: unknown, authorization = `Bearer ${deployerToken}`) {
  const response = await fetch(path.startsWith("https:") ? path : `${cloud.platform.origin}/graph${path}`, {
    method,
    headers: { Authorization: authorization, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === "" ? {} : JSON.parse(text)) as Body,
  };
}

async function created(path: string, body: Body): Promise<Body> {
  const answer = await call("POST", path, body);
  expect([answer.status, answer.body.error]).toEqual([201, undefined]);
  return answer.body;
}

const guid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const refusal = (status: number, code: string, message: string) => ({
  status,
  error: {
    code,
    message,
    innerError: { date: "2026-11-20T08:00:00", "request-id": guid, "client-request-id": guid },
  },
});

async function refused(method: string, path: string, body?: unknown, authorization?: string) {
  const answer = await call(method, path, body, authorization);
  return { status: answer.status, error: answer.body.error };
}

const missing = (id: unknown) =>
  `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;

describe("applications and service principals", () => {
  test("live from creation over a secret that works to deletion", async () => {
    const { origin } = cloud.platform;
    const application = await created("/v1.0/applications", { displayName: "shop" });
    expect(application).toMatchObject({
      "@odata.context": `${origin}/graph/v1.0/$metadata#applications/$entity`,
      id: guid,
      appId: guid,
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
    const scopes = [{ id: "s", value: "read" }];
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
    await expect(tokenOf({ clientId, clientSecret: String(own.body.secretText) })).resolves.toMatch(/^ey/);
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

describe("refusals", () => {
  test.each([
    ["no token", "", "Access token is empty."],
    ["another scheme", "Basic AAAA", "Access token is empty."],
    ["two tokens", "Bearer TOKEN TOKEN", "Access token is empty."],
    [
      "text that is no token",
      "Bearer x",
      "Access token validation failure. The access token has 1 parts; a signed token has three.",
    ],
    [
      "a changed signature",
      "Bearer TOKENx",
      "Access token validation failure. The access token has a signature that is not canonical base64url.",
    ],
    ["a token for resource manager", "Bearer ARM", "Access token validation failure. Invalid audience."],
  ])("of %s, beside the good token", async (_, authorization, message) => {
    const arm = await tokenOf(cloud.entra.deployer, "https://management.azure.com/.default");
    const filled = authorization.replaceAll("TOKEN", deployerToken).replace("ARM", arm);
    const answer = await call("GET", "/v1.0/applications", undefined, filled);
    expect({ status: answer.status, error: answer.body.error }).toEqual(
      refusal(401, "InvalidAuthenticationToken", message),
    );
    expect(answer.headers.get("www-authenticate")).toContain("authorization_uri=");
    expect((await call("GET", "/v1.0/applications")).status).toBe(200);
  });

  test("of an expired token", async () => {
    const token = await tokenOf(cloud.application("late"));
    cloud.clock.advance(3_600_000);
    const { status, body } = await call("GET", "/v1.0/applications", undefined, `Bearer ${token}`);
    cloud.clock.advance(-3_600_000);
    expect([status, (body.error as Body).message]).toEqual([
      401,
      "Lifetime validation failed, the token is expired.",
    ]);
  });

  test("of a principal that does not administrate the directory, for reads and writes alike", async () => {
    const token = await tokenOf(cloud.application("curious"));
    const denied = refusal(
      403,
      "Authorization_RequestDenied",
      "Insufficient privileges to complete the operation.",
    );
    for (const [method, path] of [
      ["GET", "/v1.0/applications"],
      ["POST", "/v1.0/applications"],
      ["DELETE", `/v1.0/servicePrincipals/${cloud.entra.deployer.principalId}`],
      ["GET", "/v1.0/groups"],
    ] as const) {
      const body = method === "POST" ? { displayName: "x" } : undefined;
      expect(await refused(method, path, body, `Bearer ${token}`)).toEqual(denied);
    }
  });

  const served = "It serves applications, servicePrincipals and directoryObjects.";
  const unknownId = "22222222-2222-2222-2222-222222222222";
  test.each([
    [
      "GET",
      "/v1.0/groups",
      undefined,
      400,
      "BadRequest",
      `The local Graph does not serve GET /graph/v1.0/groups. ${served}`,
    ],
    [
      "PUT",
      "/v1.0/applications",
      {},
      400,
      "BadRequest",
      `The local Graph does not serve PUT /graph/v1.0/applications. ${served}`,
    ],
    ["GET", "/v2.0/applications", undefined, 400, "BadRequest", "Invalid version: v2.0."],
    [
      "POST",
      "/beta/applications",
      {},
      400,
      "Request_BadRequest",
      "The local Graph takes writes at v1.0 only.",
    ],
    ["POST", "/v1.0/applications", "{", 400, "Request_BadRequest", "The request body is not a JSON object."],
    [
      "POST",
      "/v1.0/applications",
      {},
      400,
      "Request_BadRequest",
      "The property 'displayName' of the type 'Application' is required.",
    ],
    [
      "POST",
      "/v1.0/applications",
      { displayName: 1 },
      400,
      "Request_BadRequest",
      "The property 'displayName' of the type 'Application' must be a non-empty string.",
    ],
    [
      "POST",
      "/v1.0/applications",
      { displayName: "x", keyCredentials: [] },
      400,
      "Request_BadRequest",
      "The property 'keyCredentials' of the type 'Application' is not supported by the local Graph, or is read-only.",
    ],
    [
      "POST",
      "/v1.0/servicePrincipals",
      {},
      400,
      "Request_BadRequest",
      "The property 'appId' of the type 'ServicePrincipal' is required.",
    ],
    [
      "POST",
      "/v1.0/servicePrincipals",
      { appId: unknownId },
      400,
      "Request_BadRequest",
      `The appId '${unknownId}' of the service principal does not reference a valid application object.`,
    ],
    [
      "GET",
      `/v1.0/applications/${unknownId}`,
      undefined,
      404,
      "Request_ResourceNotFound",
      missing(unknownId),
    ],
    [
      "DELETE",
      `/v1.0/servicePrincipals/${unknownId}`,
      undefined,
      404,
      "Request_ResourceNotFound",
      missing(unknownId),
    ],
    [
      "GET",
      "/v1.0/applications?$expand=owners",
      undefined,
      400,
      "Request_UnsupportedQuery",
      "The query option '$expand' is not supported by the local Graph, which supports $filter, $select, $top, $skiptoken.",
    ],
    [
      "GET",
      "/v1.0/applications?$filter=displayName ne 'x'",
      undefined,
      400,
      "Request_UnsupportedQuery",
      "The filter 'displayName ne 'x'' is not supported by the local Graph, which supports id, appId, displayName and servicePrincipalType eq, startswith(displayName,…), and any(x:x eq …) over servicePrincipalNames, identifierUris and tags.",
    ],
    [
      "GET",
      "/v1.0/applications?$top=1000",
      undefined,
      400,
      "Request_BadRequest",
      "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.",
    ],
    [
      "POST",
      "/v1.0/directoryObjects/getByIds",
      { ids: "x" },
      400,
      "Request_BadRequest",
      "The property 'ids' must be a list of at most 1000 object ids.",
    ],
  ])("%s %s with %j", async (method, path, body, status, code, message) => {
    expect(await refused(method, path, body)).toEqual(refusal(status, code, message));
  });

  test("of a second service principal and of a taken identifier URI", async () => {
    const uri = "api://taken";
    const { appId } = await created("/v1.0/applications", { displayName: "a", identifierUris: [uri] });
    await created("/v1.0/servicePrincipals", { appId });
    expect(await refused("POST", "/v1.0/servicePrincipals", { appId })).toEqual(
      refusal(
        400,
        "Request_BadRequest",
        `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      ),
    );
    expect(await refused("POST", "/v1.0/applications", { displayName: "b", identifierUris: [uri] })).toEqual(
      refusal(
        400,
        "Request_BadRequest",
        "Another object with the same value for property identifierUris already exists.",
      ),
    );
  });
});
