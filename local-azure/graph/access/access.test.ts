import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { firstParty } from "../../entra/first-party.ts";
import { encodePart, readToken, signParts } from "../../testing/forge.ts";
import { type Body, type GraphTest, refusal, startGraphTest } from "../../testing/test-graph.ts";
import { type Requirement, requirements } from "./permissions.ts";

let graph: GraphTest;
let good: string;
beforeAll(async () => {
  graph = await startGraphTest();
  good = await graph.tokenOf(graph.cloud.entra.deployer);
});
afterAll(() => graph.cloud.stop());

const denied = refusal(
  403,
  "Authorization_RequestDenied",
  "Insufficient privileges to complete the operation.",
);

test("every permission that opens something is offered by Microsoft Graph, to be assigned or consented", () => {
  const offered = (permissions: readonly { readonly value: string }[]) =>
    permissions.map(({ value }) => value);
  for (const [access, requirement] of Object.entries<Requirement>(requirements)) {
    const { application, ownedByApplication = [], delegated } = requirement;
    const roles = [...application, ...ownedByApplication];
    expect([access, roles.filter((role) => !offered(firstParty.graph.appRoles).includes(role))]).toEqual([
      access,
      [],
    ]);
    const missing = delegated.filter((scope) => !offered(firstParty.graph.scopes).includes(scope));
    expect([access, missing]).toEqual([access, []]);
  }
});

/** A token of the tenant for Graph with these claims beside the usual ones. */
function tokenWith(claims: Body): string {
  const { header, claims: usual } = readToken(good);
  const { privateKey } = graph.cloud.entra.keys.current;
  return signParts(encodePart(header), encodePart({ ...usual, wids: undefined, ...claims }), privateKey);
}

async function answerTo(method: string, path: string, token: string, body?: Body) {
  const answer = await graph.call(method, path, body, `Bearer ${token}`);
  return { status: answer.status, error: answer.body.error };
}

const all = [
  "readApplication",
  "readPrincipal",
  "createApplication",
  "writeApplication",
  "addPassword",
  "assignRole",
  "grant",
  "readGroup",
  "writeGroup",
  "addMember",
  "readUser",
  "writeUser",
  "readDirectory",
  "readOrganization",
  "restore",
  "readMe",
] as const;
type Request = (typeof all)[number];

/** What each is tried with, and what it answers to a caller who may. */
function requests(): Record<Request, readonly [method: string, path: string, status: number, body?: Body]> {
  const { directory } = graph.cloud.entra;
  const { applicationId, principalId } = graph.cloud.application("target");
  const group = directory.create({ type: "group", displayName: "target" });
  const user = directory.create({ type: "user", displayName: "target" });
  const none = "22222222-2222-2222-2222-222222222222";
  return {
    readApplication: ["GET", `/v1.0/applications/${applicationId}`, 200],
    readPrincipal: ["GET", `/v1.0/servicePrincipals/${principalId}`, 200],
    createApplication: ["POST", "/v1.0/applications", 201, { displayName: "made" }],
    writeApplication: ["PATCH", `/v1.0/applications/${applicationId}`, 204, { notes: "x" }],
    addPassword: ["POST", `/v1.0/applications/${applicationId}/addPassword`, 200, {}],
    assignRole: ["POST", `/v1.0/servicePrincipals/${principalId}/appRoleAssignedTo`, 400, {}],
    grant: ["POST", "/v1.0/oauth2PermissionGrants", 400, {}],
    readGroup: ["GET", `/v1.0/groups/${group.id}`, 200],
    writeGroup: ["PATCH", `/v1.0/groups/${group.id}`, 204, { description: "x" }],
    addMember: ["DELETE", `/v1.0/groups/${group.id}/members/${none}/$ref`, 404],
    readUser: ["GET", `/v1.0/users/${user.id}`, 200],
    writeUser: ["PATCH", `/v1.0/users/${user.id}`, 204, { jobTitle: "x" }],
    readDirectory: ["GET", `/v1.0/directoryObjects/${user.id}`, 200],
    readOrganization: ["GET", "/v1.0/organization", 200],
    restore: ["POST", `/v1.0/directory/deletedItems/${none}/restore`, 404],
    readMe: ["GET", "/v1.0/me", 200],
  };
}

/** The requests that the token opens; every other one must be refused with 403 exactly. */
async function openedBy(token: string): Promise<Request[]> {
  const opened: Request[] = [];
  const table = requests();
  for (const name of all) {
    const [method, path, status, body] = table[name];
    const answer = await answerTo(method, path, token, body);
    if (answer.status === status) opened.push(name);
    else if (name !== "readMe") expect({ name, ...answer }).toEqual({ name, ...denied });
  }
  return opened;
}

const applicationReads: Request[] = ["readApplication", "readPrincipal"];
const reads: Request[] = [...applicationReads, "readGroup", "readUser", "readDirectory", "readOrganization"];

describe("an application's roles open", () => {
  test.each<[string, Request[]]>([
    ["", []],
    ["User.Read", []],
    ["Application.Read.All", applicationReads],
    ["Directory.Read.All", reads],
    [
      "Application.ReadWrite.All",
      [...applicationReads, "createApplication", "writeApplication", "addPassword", "restore"],
    ],
    ["Application.ReadWrite.OwnedBy", [...applicationReads, "createApplication"]],
    ["Group.Read.All", ["readGroup"]],
    ["GroupMember.ReadWrite.All", ["addMember"]],
    ["Group.ReadWrite.All", ["readGroup", "writeGroup", "addMember"]],
    ["User.Read.All", ["readUser"]],
    ["User.ReadWrite.All", ["readUser", "writeUser"]],
    ["AppRoleAssignment.ReadWrite.All", ["assignRole"]],
    ["DelegatedPermissionGrant.ReadWrite.All", ["grant"]],
  ])("%s: %j", async (role, expected) => {
    const { principalId } = graph.cloud.application("caller");
    const token = tokenWith({ oid: principalId, sub: principalId, roles: role === "" ? undefined : [role] });
    expect((await openedBy(token)).sort()).toEqual([...expected].sort());
  });

  test("as they are assigned and as the token service writes them into a token", async () => {
    const { directory } = graph.cloud.entra;
    const microsoft = directory.findServicePrincipalByAppId("00000003-0000-0000-c000-000000000000");
    const reader = graph.cloud.application("reader");
    directory.appRoleAssignments.add({
      appRoleId: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
      principalId: reader.principalId,
      resourceId: microsoft?.id ?? "",
    });
    const token = await graph.tokenOf(reader);
    expect((await answerTo("GET", "/v1.0/applications", token)).status).toBe(200);
    expect(await answerTo("POST", "/v1.0/applications", token, { displayName: "x" })).toEqual(denied);
  });
});

describe("a person's token", () => {
  const person = (isDirectoryAdministrator: boolean) =>
    graph.cloud.entra.directory.create({ type: "user", displayName: "kim", isDirectoryAdministrator }).id;

  test.each<[string, Request[]]>([
    ["openid profile", []],
    ["User.Read", ["readMe", "readOrganization"]],
    ["User.ReadBasic.All", ["readMe", "readUser"]],
    ["Directory.Read.All", ["readMe", ...reads]],
    ["Application.ReadWrite.All", applicationReads],
    ["Directory.AccessAsUser.All", ["readMe", ...reads]],
  ])("of a member, with %s, opens %j", async (scp, expected) => {
    const oid = person(false);
    expect((await openedBy(tokenWith({ oid, scp }))).sort()).toEqual([...expected].sort());
  });

  test.each<[string, Request[]]>([
    ["User.Read", ["readMe", "readOrganization"]],
    ["Group.ReadWrite.All", ["readGroup", "writeGroup", "addMember"]],
    ["Directory.AccessAsUser.All", all.filter((name) => name !== "assignRole")],
  ])("of an administrator, with %s, opens %j", async (scp, expected) => {
    const oid = person(true);
    expect((await openedBy(tokenWith({ oid, scp }))).sort()).toEqual([...expected].sort());
  });

  test("manages what the person owns", async () => {
    const oid = person(false);
    const { applicationId } = graph.cloud.application("theirs");
    graph.cloud.entra.directory.owners.add(applicationId, oid);
    const token = tokenWith({ oid, scp: "Application.ReadWrite.All" });
    const path = `/v1.0/applications/${applicationId}`;
    expect((await answerTo("PATCH", path, token, { notes: "mine" })).status).toBe(204);
    const reading = tokenWith({ oid, scp: "Application.Read.All" });
    expect(await answerTo("PATCH", path, reading, { notes: "mine" })).toEqual(denied);
  });
});

test("an application with Application.ReadWrite.OwnedBy owns what it makes, and manages only that", async () => {
  const { principalId } = graph.cloud.application("pipeline");
  const token = tokenWith({ oid: principalId, roles: ["Application.ReadWrite.OwnedBy"] });
  const send = (method: string, path: string, body?: Body) =>
    graph.call(method, path, body, `Bearer ${token}`);
  const { body: made } = await send("POST", "/v1.0/applications", { displayName: "made" });
  const own = `/v1.0/applications/${made.id}`;
  expect((await send("GET", `${own}/owners`)).body.value).toMatchObject([{ id: principalId }]);
  expect((await send("POST", `${own}/addPassword`, {})).status).toBe(200);
  const byAppId = `/v1.0/applications(appId='${made.appId}')`;
  expect((await send("PATCH", byAppId, { notes: "mine" })).status).toBe(204);
  const { status, body: principal } = await send("POST", "/v1.0/servicePrincipals", { appId: made.appId });
  expect(status).toBe(201);
  expect((await send("PATCH", `/v1.0/servicePrincipals/${principal.id}`, { notes: "x" })).status).toBe(204);

  const other = await graph.created("/v1.0/applications", { displayName: "of another" });
  for (const [method, path, body] of [
    ["POST", `/v1.0/applications/${other.id}/addPassword`, {}],
    ["DELETE", `/v1.0/applications/${other.id}`, undefined],
    ["POST", "/v1.0/servicePrincipals", { appId: other.appId }],
    ["POST", `/v1.0/applications/${graph.cloud.entra.deployer.principalId}/addPassword`, {}],
  ] as const) {
    expect(await answerTo(method, path, token, body)).toEqual(denied);
  }
});

test("/me is for persons, and a caller that the directory no longer has is nobody", async () => {
  const { deployer, directory } = graph.cloud.entra;
  const token = await graph.tokenOf(deployer);
  expect(await answerTo("GET", "/v1.0/me", token)).toEqual(
    refusal(400, "Request_BadRequest", "/me request is only valid with delegated authentication flow."),
  );
  const { applicationId, principalId } = graph.cloud.application("gone");
  const ofGone = tokenWith({ oid: principalId, roles: ["Directory.ReadWrite.All"] });
  expect((await answerTo("GET", "/v1.0/users", ofGone)).status).toBe(200);
  directory.delete(applicationId);
  expect(await answerTo("GET", "/v1.0/users", ofGone)).toEqual(denied);
});
