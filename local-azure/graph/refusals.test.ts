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
    "GET",
    "/v1.0/applications?$top=1&$top=2",
    undefined,
    400,
    "BadRequest",
    "Query option '$top' was specified more than once, but it must be specified at most once.",
  ],
  [
    "GET",
    "/v1.0/applications?$skiptoken=AAAA",
    undefined,
    400,
    "Directory_ExpiredPageToken",
    "The specified page token value has expired and can no longer be included in your request.",
  ],
  [
    "GET",
    "/v1.0/applications?$select=id,%22",
    undefined,
    400,
    "BadRequest",
    "Parsing OData Select and Expand failed: '\"' is not the name of a property.",
  ],
  [
    "GET",
    "/v1.0/applications?$count=yes",
    undefined,
    400,
    "BadRequest",
    "Invalid value 'yes' for $count query option found.",
  ],
  [
    "GET",
    "/v1.0/groups/x/members/microsoft.graph.device",
    undefined,
    404,
    "Request_ResourceNotFound",
    missing("x"),
  ],
  [
    "GET",
    "/v1.0/directory/deletedItems/microsoft.graph.device",
    undefined,
    400,
    "BadRequest",
    "Resource not found for the segment 'microsoft.graph.device'.",
  ],
  [
    "POST",
    "/v1.0/applications",
    { displayName: "x", "owners@odata.bind": Array(21).fill(unknownId) },
    400,
    "Request_BadRequest",
    "The property 'owners@odata.bind' holds 21 references. A request may hold 20 at most.",
  ],
  [
    "POST",
    "/v1.0/applications",
    { displayName: "x", "owners@odata.bind": [unknownId] },
    404,
    "Request_ResourceNotFound",
    missing(unknownId),
  ],
  [
    "POST",
    "/v1.0/applications",
    { displayName: "x", web: { implicitGrantSettings: { enableIdTokenIssuance: true } } },
    400,
    "Request_BadRequest",
    "The property 'web.implicitGrantSettings.enableIdTokenIssuance' of the type 'Application' must be left out or empty: the local Graph has nothing of this kind.",
  ],
  [
    "POST",
    "/v1.0/applications",
    { displayName: "x", signInAudience: "PersonalMicrosoftAccount" },
    400,
    "Request_BadRequest",
    "The property 'signInAudience' of the type 'Application' must be one of AzureADMyOrg, AzureADMultipleOrgs.",
  ],
  [
    "POST",
    "/v1.0/applications",
    { displayName: "x", groupMembershipClaims: "Everyone" },
    400,
    "Request_BadRequest",
    "The property 'groupMembershipClaims' of the type 'Application' must hold some of None, SecurityGroup, DirectoryRole, ApplicationGroup, All, separated by commas.",
  ],
  [
    "POST",
    "/v1.0/applications",
    { displayName: "x", optionalClaims: { accessToken: [{ essential: true }] } },
    400,
    "Request_BadRequest",
    "Every optional claim must have a 'name'.",
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

const [one, two] = [1, 2].map((n) => `5f3c2b1a-1111-4a4a-8b8b-00000000000${n}`);
const role = (change: Body): Body => ({
  allowedMemberTypes: ["User"],
  displayName: "r",
  id: one,
  isEnabled: true,
  value: "read",
  ...change,
});
const badValue = `The 'value' of the app role or permission scope ${one} must have 1 to 250 characters of those that a claim may hold, and no space.`;
test.each([
  ["an id", [role({ id: undefined })], "An app role or permission scope must have an 'id' that is a GUID."],
  ["a GUID", [role({ id: "x" })], "The property 'appRoles[0].id' of the type 'Application' must be a GUID."],
  ["a value", [role({ value: null })], `The app role or permission scope ${one} must have a 'value'.`],
  ["a value without spaces", [role({ value: "a b" })], badValue],
  ["a value that is short enough", [role({ value: "x".repeat(251) })], badValue],
  [
    "member types",
    [role({ allowedMemberTypes: ["Group"] })],
    "The property 'allowedMemberTypes' of an app role must hold User, Application or both.",
  ],
  [
    "an id of its own",
    [role({}), role({ value: "write" })],
    "It contains duplicate value. Please Provide unique value. (id)",
  ],
  [
    "a value of its own",
    [role({}), role({ id: two })],
    "It contains duplicate value. Please Provide unique value. (value)",
  ],
])("of an app role without %s", async (_, appRoles, message) => {
  expect(await refused("POST", "/v1.0/applications", { displayName: "x", appRoles })).toEqual(
    refusal(400, "Request_BadRequest", message),
  );
});

test("of a restored application whose identifier URI is taken by now", async () => {
  const identifierUris = ["api://restored"];
  const { id } = await created("/v1.0/applications", { displayName: "first", identifierUris });
  await call("DELETE", `/v1.0/applications/${id}`);
  const { id: other } = await created("/v1.0/applications", { displayName: "second", identifierUris });
  const restore = () => refused("POST", `/v1.0/directory/deletedItems/${id}/restore`, {});
  expect(await restore()).toEqual(
    refusal(
      400,
      "Request_BadRequest",
      "Another object with the same value for property identifierUris already exists.",
    ),
  );
  await call("DELETE", `/v1.0/applications/${other}`);
  expect((await restore()).status).toBe(200);
});

test("of a body beyond 1 MB", async () => {
  expect(await refused("POST", "/v1.0/applications", { displayName: "x".repeat(1_100_000) })).toEqual(
    refusal(413, "RequestEntityTooLarge", "The request body is larger than 1 MB."),
  );
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

test("of deleting a service principal of Microsoft's, which a program may have taken over", async () => {
  const path = "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')";
  expect(await refused("DELETE", path)).toEqual(
    refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
  );
});
