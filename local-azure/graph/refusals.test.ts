import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Body, type GraphTest, missing, refusal, startGraphTest } from "../testing/test-graph.ts";

let cloud: GraphTest["cloud"];
let call: GraphTest["call"];
let created: GraphTest["created"];
let tokenOf: GraphTest["tokenOf"];

let deployerToken: string;

beforeAll(async () => {
  ({ cloud, call, created, tokenOf } = await startGraphTest());
  deployerToken = await tokenOf(cloud.entra.deployer);
});
afterAll(() => cloud.stop());

async function refused(method: string, path: string, body?: unknown, authorization?: string) {
  const answer = await call(method, path, body, authorization);
  return { status: answer.status, error: answer.body.error };
}

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

const served =
  "It serves the identities of the directory: applications, servicePrincipals, oauth2PermissionGrants, groups, users, me, directoryObjects, directory/deletedItems, organization and domains.";
const unknownId = "22222222-2222-2222-2222-222222222222";
test.each([
  [
    "GET",
    "/v1.0/devices",
    undefined,
    400,
    "BadRequest",
    `The local Graph does not serve GET /graph/v1.0/devices. ${served}`,
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
    "The property 'displayName' of the type 'Application' must be a string.",
  ],
  [
    "POST",
    "/v1.0/applications",
    { displayName: "x", publisherDomain: "contoso.com" },
    400,
    "Request_BadRequest",
    "The property 'publisherDomain' of the type 'Application' is not supported by the local Graph, or is read-only.",
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
  ["GET", `/v1.0/applications/${unknownId}`, undefined, 404, "Request_ResourceNotFound", missing(unknownId)],
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
    "The query option '$expand' is not supported here by the local Graph, which supports $filter, $select, $top, $skiptoken, $count.",
  ],
  [
    "GET",
    "/v1.0/applications?$filter=displayName ne 'x'",
    undefined,
    400,
    "Request_UnsupportedQuery",
    "Operator: 'NotEqualsMatch' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information",
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
