import { describe, expect, test } from "@jest/globals";
import { adRequest, useAzureAd } from "../../testing/azuread-harness.ts";
import { objectId as callerId } from "../../testing/loopback-arm.ts";
import { messageOf } from "../../testing/provider-harness.ts";

const harness = useAzureAd();
const id = "aaaaaaaa-0000-4000-8000-000000000001";
const appId = "bbbbbbbb-0000-4000-8000-000000000001";
const member = "cccccccc-0000-4000-8000-000000000001";
const nothing = { inputs: {}, outputs: {} };
const refusal = (message: string) => ({ error: { code: "Request_BadRequest", message } });

describe("a service principal", () => {
  const request = adRequest("servicePrincipal");
  const path = `/v1.0/servicePrincipals/${id}`;
  const look = `GET /v1.0/servicePrincipals?$filter=appId eq '${appId}'`;
  const inputs = { clientId: appId, accountEnabled: true, appRoleAssignmentRequired: false };
  const exists = (found: readonly unknown[]) => {
    harness.show("/v1.0/servicePrincipals", { value: found });
    harness.show(path, {
      id,
      appId,
      servicePrincipalNames: [appId, "api://orders"],
      tags: ["HideApp"],
      appRoles: [{ id: "role", value: "Orders.Read", isEnabled: true }],
    });
    harness.show(`/beta/servicePrincipals/${id}`, { samlMetadataUrl: null });
    harness.show(`${path}/owners`, { value: [] });
  };

  test("is looked for, posted once its application is known, described, and read", async () => {
    exists([]);
    const unknown = `The appId '${appId}' of the service principal does not reference a valid application object.`;
    harness.answer("POST", "/servicePrincipals", 400, refusal(unknown));
    harness.answer("POST", "/servicePrincipals", 201, { id });
    harness.answer("PATCH", path, 204);
    harness.answer("DELETE", `${path}/owners/${callerId}/$ref`, 204);
    const { id: pulumiId, outputs } = await harness.provider.create(request, inputs);
    expect(pulumiId).toBe(`/servicePrincipals/${id}`);
    expect(outputs).toMatchObject({
      objectId: id,
      clientId: appId,
      servicePrincipalNames: ["api://orders"],
      appRoleIds: { "Orders.Read": "role" },
      featureTags: [{ hide: true, enterprise: false }],
    });
    expect(harness.sent()).toEqual([
      look,
      "POST /v1.0/servicePrincipals",
      "POST /v1.0/servicePrincipals",
      `PATCH ${path}`,
      `DELETE ${path}/owners/${callerId}/$ref`,
      `GET ${path}`,
      `GET /beta/servicePrincipals/${id}?$select=samlMetadataUrl`,
      `GET ${path}/owners`,
    ]);
    expect(harness.waits).toEqual([1000]);
    expect(harness.bodies("POST", "/servicePrincipals")[1]).toEqual({
      "@odata.type": "#microsoft.graph.servicePrincipal",
      appId,
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      description: expect.stringMatching(/^TERRAFORM_UPDATE_/),
      tags: [],
      alternativeNames: [],
      notificationEmailAddresses: [],
      samlSingleSignOnSettings: { relayState: null },
      "owners@odata.bind": [`${harness.cloud.origin}/graph/v1.0/directoryObjects/${callerId}`],
    });
    expect(harness.bodies("PATCH", path)).toMatchObject([{ description: null }]);
  });

  test("is left in the state when its first change finds it missing", async () => {
    exists([]);
    harness.answer("POST", "/servicePrincipals", 201, { id });
    harness.answer("PATCH", path, 404, refusal("missing"));
    const failure = await harness.provider.create(request, inputs).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "PartialFailure", id: `/servicePrincipals/${id}` });
    expect(harness.waits).toEqual([]);
  });

  test("that exists is refused, or taken as it is and deleted without a wait", async () => {
    exists([{ id }]);
    expect(await messageOf(harness.provider.create(request, inputs))).toContain("needs to be imported");
    harness.answer("PATCH", path, 204);
    const adopted = { ...inputs, useExisting: true };
    const { outputs } = await harness.provider.create(request, adopted);
    expect(outputs.useExisting).toBe(true);
    harness.answer("DELETE", path, 403, refusal("Microsoft's own"));
    await harness.provider.delete(request, `/servicePrincipals/${id}`, { inputs: adopted, outputs: {} });
    expect(harness.sent().at(-1)).toBe(`DELETE ${path}`);
  });

  test("tags come from its feature blocks", async () => {
    exists([]);
    harness.answer("PATCH", path, 204);
    const after = { ...inputs, featureTags: [{ enterprise: true, hide: true }] };
    await harness.provider.update(request, `/servicePrincipals/${id}`, { inputs, outputs: {} }, after);
    expect(harness.bodies("PATCH", path)).toMatchObject([
      { tags: ["WindowsAzureActiveDirectoryIntegratedApp", "HideApp"], notes: null },
    ]);
  });
});

describe("a group", () => {
  const request = adRequest("group");
  const path = `/beta/groups/${id}`;
  const inputs = { displayName: "analysts", securityEnabled: true };
  const exists = (displayName = "analysts") => {
    harness.show(path, { id, displayName, securityEnabled: true, groupTypes: [] });
    for (const list of ["owners", "members", "memberOf"])
      harness.show(`${path}/${list}`, { value: [{ id: list }] });
  };
  const reads = [`GET ${path}`, `GET ${path}/owners`, `GET ${path}/members`, `GET ${path}/memberOf`];

  test("is posted by its caller, renamed to and fro until it shows its name, filled and read", async () => {
    exists();
    harness.answer(
      "POST",
      "/beta/groups",
      400,
      refusal("One or more property values specified are invalid."),
    );
    harness.answer("POST", "/beta/groups", 201, { id });
    harness.answer("PATCH", path, 404);
    for (let write = 0; write < 2; write++) harness.answer("PATCH", path, 204);
    harness.answer("GET", path, 200, { id, displayName: "TERRAFORM_UPDATE_x" });
    harness.answer("POST", `${path}/members/$ref`, 204);
    const { outputs } = await harness.provider.create(request, { ...inputs, members: [member] });
    expect(outputs).toMatchObject({ objectId: id, owners: ["owners"], members: ["members"] });
    expect(harness.sent()).toEqual([
      "POST /beta/groups",
      "POST /beta/groups",
      `PATCH ${path}`,
      `PATCH ${path}`,
      `PATCH ${path}`,
      `GET ${path}`,
      `GET ${path}`,
      `POST ${path}/members/$ref`,
      ...reads,
    ]);
    expect(harness.waits).toEqual([1000, 1000, 5000]);
    expect(harness.bodies("POST", "/beta/groups")[1]).toEqual({
      "@odata.type": "#microsoft.graph.group",
      displayName: "analysts",
      mailEnabled: false,
      mailNickname: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]$/),
      securityEnabled: true,
      groupTypes: [],
      "owners@odata.bind": [`${harness.cloud.origin}/graph/beta/directoryObjects/${callerId}`],
    });
    expect(harness.bodies("POST", "members")).toEqual([
      { "@odata.id": `${harness.cloud.origin}/graph/beta/directoryObjects/${member}` },
    ]);
  });

  test("owners that are given are looked up, and the caller is none of them", async () => {
    exists();
    harness.show(`/v1.0/directoryObjects/${member}`, { "@odata.type": "#microsoft.graph.user", id: member });
    harness.answer("POST", "/beta/groups", 201, { id });
    for (let write = 0; write < 2; write++) harness.answer("PATCH", path, 204);
    await harness.provider.create(request, { ...inputs, owners: [member] });
    expect(harness.sent()[0]).toBe(`GET /v1.0/directoryObjects/${member}`);
    expect(harness.bodies("POST", "/beta/groups")).toMatchObject([
      { "owners@odata.bind": [`${harness.cloud.origin}/graph/beta/directoryObjects/${member}`] },
    ]);
  });

  test("a member that the directory does not know yet is not waited for", async () => {
    exists();
    harness.answer("POST", "/beta/groups", 201, { id });
    for (let write = 0; write < 2; write++) harness.answer("PATCH", path, 204);
    harness.answer("POST", `${path}/members/$ref`, 404, refusal("missing"));
    const message = await messageOf(harness.provider.create(request, { ...inputs, members: [member] }));
    expect(message).toContain(
      `Could not add ${member} to the members of /groups/${id}: unexpected status 404`,
    );
    expect(harness.waits).toEqual([]);
  });

  test("members that changed are set, and a refresh tells of drift", async () => {
    exists();
    harness.answer("PATCH", path, 204);
    harness.answer("POST", `${path}/members/$ref`, 204);
    harness.answer("DELETE", `${path}/members/members/$ref`, 204);
    const before = { ...inputs, members: ["members"] };
    const after = { ...inputs, members: [member] };
    await harness.provider.update(request, `/groups/${id}`, { inputs: before, outputs: {} }, after);
    expect(harness.sent().slice(0, 4)).toEqual([
      `PATCH ${path}`,
      `GET ${path}/members`,
      `POST ${path}/members/$ref`,
      `DELETE ${path}/members/members/$ref`,
    ]);
    const state = { inputs: after, outputs: { ...after, members: [member] } };
    const found = await harness.provider.read(request, `/groups/${id}`, state);
    expect(found?.inputs.members).toEqual(["members"]);
  });

  test("is read, deleted, and looked for until it is gone", async () => {
    harness.answer("GET", path, 200, { id });
    harness.answer("DELETE", path, 204);
    await harness.provider.delete(request, `/groups/${id}`, nothing);
    expect(harness.sent()).toEqual([`GET ${path}`, `DELETE ${path}`, `GET ${path}`]);
  });
});

describe("a membership", () => {
  const request = adRequest("groupMember");
  const members = `/beta/groups/${id}/members`;
  const look = `GET ${members}?$filter=id eq '${member}'`;
  const inputs = { groupObjectId: id, memberObjectId: member };

  test("is added and looked for", async () => {
    harness.show(`/beta/groups/${id}`, { id });
    harness.show(members, { value: [{ id: member }] });
    harness.answer("GET", members, 200, { value: [] });
    harness.answer("POST", `${members}/$ref`, 204);
    const made = await harness.provider.create(request, inputs);
    expect(made).toEqual({ id: `${id}/member/${member}`, outputs: inputs });
    expect(harness.sent()).toEqual([
      `GET /beta/groups/${id}`,
      `GET ${members}`,
      `POST ${members}/$ref`,
      look,
      look,
    ]);
  });

  test("that exists is refused; one of a group that is gone is gone", async () => {
    harness.show(`/beta/groups/${id}`, { id });
    harness.show(members, { value: [{ id: member }] });
    expect(await messageOf(harness.provider.create(request, inputs))).toContain(
      `pulumi import azuread:index/groupMember:GroupMember <name> ${id}/member/${member}`,
    );
    harness.show(members, undefined);
    expect(await harness.provider.read(request, `${id}/member/${member}`, nothing)).toBeUndefined();
  });
});

describe("an app role assignment", () => {
  const request = adRequest("appRoleAssignment");
  const path = `/v1.0/servicePrincipals/${id}`;
  const inputs = { appRoleId: appId, principalObjectId: member, resourceObjectId: id };
  const live = {
    id: "assignment",
    appRoleId: appId,
    principalId: member,
    resourceId: id,
    principalType: "Group",
  };

  test.each([
    [404, "missing"],
    [400, "Not a valid reference update."],
  ])("is posted again after a %d '%s'", async (status, message) => {
    harness.show(path, { id });
    harness.show(`${path}/appRoleAssignedTo/assignment`, live);
    harness.answer("POST", `${path}/appRoleAssignedTo`, status, refusal(message));
    harness.answer("POST", `${path}/appRoleAssignedTo`, 201, live);
    const made = await harness.provider.create(request, inputs);
    expect(made.id).toBe(`/servicePrincipals/${id}/appRoleAssignedTo/assignment`);
    expect(made.outputs).toMatchObject({ ...inputs, principalType: "Group" });
    expect(harness.bodies("POST", "appRoleAssignedTo")).toContainEqual({
      appRoleId: appId,
      principalId: member,
      resourceId: id,
    });
    expect(harness.waits).toEqual([1000]);
  });
});

describe("a delegated permission grant", () => {
  const request = adRequest("servicePrincipalDelegatedPermissionGrant");
  const path = "/v1.0/oauth2PermissionGrants/grant";
  const inputs = {
    claimValues: ["openid", "User.Read"],
    servicePrincipalObjectId: id,
    resourceServicePrincipalObjectId: member,
  };
  const live = {
    id: "grant",
    clientId: id,
    resourceId: member,
    scope: "openid User.Read",
    principalId: null,
  };

  test("is posted for everyone, changed in its scope alone, and deleted", async () => {
    for (const one of [id, member]) harness.show(`/v1.0/servicePrincipals/${one}`, { id: one });
    harness.show(path, live);
    harness.answer("POST", "/oauth2PermissionGrants", 404, refusal("missing"));
    harness.answer("POST", "/oauth2PermissionGrants", 201, live);
    const made = await harness.provider.create(request, inputs);
    expect(made).toEqual({
      id: "/oauth2PermissionGrants/grant",
      outputs: { ...inputs, claimValues: ["User.Read", "openid"] },
    });
    expect(harness.waits).toEqual([1000]);
    expect(harness.bodies("POST", "/oauth2PermissionGrants").slice(1)).toEqual([
      { clientId: id, resourceId: member, consentType: "AllPrincipals", scope: "openid User.Read" },
    ]);
    harness.answer("PATCH", path, 204);
    const state = { inputs, outputs: {} };
    await harness.provider.update(request, made.id, state, { ...inputs, claimValues: ["openid"] });
    expect(harness.bodies("PATCH", path)).toEqual([{ id: "grant", scope: "openid" }]);
    harness.answer("DELETE", path, 204);
    await harness.provider.delete(request, made.id, nothing);
  });
});

describe("lists of an application that have resources of their own", () => {
  const path = `/v1.0/applications/${id}`;

  test("an identifier URI that is there already, or gone when it is deleted, is refused", async () => {
    const request = adRequest("applicationIdentifierUri");
    const uri = "api://orders/äöü";
    harness.show(path, { id, identifierUris: [uri] });
    const inputs = { applicationId: `/applications/${id}`, identifierUri: uri };
    const message = await messageOf(harness.provider.create(request, inputs));
    const pulumiId = /pulumi import \S+ <name> (\S+)/.exec(message)?.[1] ?? "";
    expect(await harness.provider.read(request, pulumiId, nothing)).toMatchObject({ outputs: inputs });
    harness.show(path, { id, identifierUris: [] });
    expect(await harness.provider.read(request, pulumiId, nothing)).toBeUndefined();
    expect(await messageOf(harness.provider.delete(request, pulumiId, nothing))).toBe(
      'identifier URI "api://orders/äöü" was not found',
    );
  });

  test("a pre-authorized application joins the others and leaves them", async () => {
    const request = adRequest("applicationPreAuthorized");
    const other = { appId: "other", delegatedPermissionIds: ["x"] };
    const own = { appId, delegatedPermissionIds: [member] };
    const shows = (preAuthorizedApplications: readonly unknown[]) =>
      harness.show(path, { id, api: { preAuthorizedApplications } });
    harness.answer("GET", path, 200, { id, api: { preAuthorizedApplications: [other] } });
    shows([other, own]);
    for (let write = 0; write < 2; write++) harness.answer("PATCH", path, 204);
    const made = await harness.provider.create(request, {
      applicationId: `/applications/${id}`,
      authorizedClientId: appId,
      permissionIds: [member],
    });
    expect(made.outputs).toEqual({
      applicationId: `/applications/${id}`,
      authorizedClientId: appId,
      permissionIds: [member],
    });
    await harness.provider.delete(request, made.id, nothing);
    expect(harness.bodies("PATCH", path)).toMatchObject([
      { api: { preAuthorizedApplications: [other, own] } },
      { api: { preAuthorizedApplications: [other] } },
    ]);
  });
});

describe("what every request is repeated for", () => {
  const request = adRequest("groupMember");
  const read = () => harness.provider.read(request, `${id}/member/${member}`, nothing);

  test.each([429, 503, 408, 424, 500])("%d", async (status) => {
    harness.answer("GET", "/members", status);
    expect(await read()).toBeUndefined();
    expect(harness.waits).toEqual([1000]);
  });

  test("as long as the answer asks to wait", async () => {
    harness.cloud.script.push({
      method: "GET",
      path: "/members",
      status: 429,
      headers: { "retry-after": "7" },
    });
    await read();
    expect(harness.waits).toEqual([7000]);
  });

  test.each([401, 403, 501])("%d is final", async (status) => {
    harness.answer("GET", "/members", status, {
      error: { code: "Authorization_RequestDenied", message: "no" },
    });
    expect(await messageOf(read())).toMatch(/: unexpected status \d+ .* Authorization_RequestDenied: no$/);
    expect(harness.waits).toEqual([]);
  });
});
