import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readToken } from "../../testing/forge.ts";
import {
  startTestEntra,
  type TestApplication,
  type TestEntra,
  type TestPerson,
} from "../../testing/test-entra.ts";
import { azureCli } from "../first-party.ts";

let cloud: TestEntra;
let anna: TestPerson;
let api: TestApplication;

const readId = "33333333-3333-4333-8333-333333333333";
const adminRoleId = "44444444-4444-4444-8444-444444444444";
const arm = "https://management.azure.com/.default";

beforeAll(async () => {
  cloud = await startTestEntra();
  anna = cloud.person("anna");
  api = cloud.application("orders-api", {
    identifierUris: ["api://orders"],
    appRoles: [{ id: adminRoleId, value: "Admin", isEnabled: true }],
    api: {
      requestedAccessTokenVersion: 2,
      oauth2PermissionScopes: [{ id: readId, value: "Orders.Read", isEnabled: true }],
      preAuthorizedApplications: [{ appId: azureCli.appId, delegatedPermissionIds: [readId] }],
    },
  });
});
afterAll(() => cloud.stop());

type Form = Readonly<Record<string, string>>;

const signIn = (change: Form = {}, segment?: string) =>
  cloud.requestToken(
    {
      grant_type: "password",
      client_id: azureCli.appId,
      username: anna.username,
      password: anna.password,
      scope: `${arm} offline_access`,
      ...change,
    },
    segment,
  );
const refusal = (status: number, error: string, code: number, text = "") => ({
  status,
  body: { error, error_codes: [code], error_description: expect.stringContaining(text) },
});
const claimsOf = (body: Record<string, unknown>) => readToken(String(body.access_token)).claims;

describe("tokens for an application of the tenant", () => {
  test("carry the roles of the person and of the groups that hold them directly", async () => {
    const { directory } = cloud.entra;
    const bert = cloud.person("bert");
    const [inner, outer] = ["inner", "outer"].map((displayName) =>
      directory.create({ type: "group", displayName }),
    );
    directory.memberships.add(outer?.id ?? "", inner?.id ?? "");
    directory.memberships.add(inner?.id ?? "", bert.id);
    const rolesOf = async () => {
      const { body } = await signIn({ ...bert, scope: "api://orders/Orders.Read" });
      return claimsOf(body).roles;
    };
    const assign = (principalId = "") =>
      directory.appRoleAssignments.add({ appRoleId: adminRoleId, principalId, resourceId: api.principalId });
    expect(await rolesOf()).toBeUndefined();
    assign(outer?.id);
    expect(await rolesOf()).toBeUndefined();
    assign(inner?.id);
    expect(await rolesOf()).toEqual(["Admin"]);
  });

  test.each([
    ["", undefined],
    ["SecurityGroup", ["security"]],
    ["All", ["mail", "security"]],
    ["ApplicationGroup", ["mail"]],
  ])("carry the groups that groupMembershipClaims '%s' asks for", async (groupMembershipClaims, expected) => {
    const { directory } = cloud.entra;
    const bert = cloud.person(`bert-${groupMembershipClaims}`);
    const asking = cloud.application("asking", {
      groupMembershipClaims,
      api: {
        oauth2PermissionScopes: [{ id: readId, value: "Read", isEnabled: true }],
        preAuthorizedApplications: [{ appId: azureCli.appId, delegatedPermissionIds: [readId] }],
      },
    });
    const make = (displayName: string, securityEnabled: boolean) => {
      const { id } = directory.create({ type: "group", displayName, properties: { securityEnabled } });
      directory.memberships.add(id, bert.id);
      return id;
    };
    const ids: Readonly<Record<string, string>> = {
      mail: make("mail", false),
      security: make("security", true),
    };
    directory.appRoleAssignments.add({
      appRoleId: "00000000-0000-0000-0000-000000000000",
      principalId: ids.mail ?? "",
      resourceId: asking.principalId,
    });
    const { body } = await signIn({ ...bert, scope: `${asking.clientId}/Read` });
    const { aud, ver, groups } = claimsOf(body);
    expect([aud, ver]).toEqual([asking.clientId, "1.0"]);
    expect(groups).toEqual(expected?.map((name) => ids[name]).sort());
  });

  test("name more than 200 groups by reference, and say idtyp where it is asked for", async () => {
    const { directory } = cloud.entra;
    const bert = cloud.person("bert-of-many");
    const asking = cloud.application("asking", {
      groupMembershipClaims: "SecurityGroup",
      optionalClaims: { accessToken: [{ name: "idtyp", additionalProperties: ["include_user_token"] }] },
      api: {
        oauth2PermissionScopes: [{ id: readId, value: "Read", isEnabled: true }],
        preAuthorizedApplications: [{ appId: azureCli.appId, delegatedPermissionIds: [readId] }],
      },
    });
    for (let count = 0; count < 201; count += 1) {
      directory.memberships.add(directory.create({ type: "group", displayName: "g" }).id, bert.id);
    }
    const { body } = await signIn({ ...bert, scope: `api://${asking.clientId}/Read` });
    expect(claimsOf(body)).toMatchObject({ _claim_names: { groups: "src1" }, idtyp: "user", scp: "Read" });
    expect(claimsOf(body).groups).toBeUndefined();
  });

  test("an application gets its roles, in version 2", async () => {
    const caller = cloud.application("caller");
    const ask = () =>
      cloud.requestToken({
        grant_type: "client_credentials",
        client_id: caller.clientId,
        client_secret: caller.clientSecret,
        scope: "api://orders/.default",
      });
    const { body } = await ask();
    expect(claimsOf(body)).toMatchObject({
      aud: api.clientId,
      iss: `${cloud.platform.origin}/${cloud.platform.tenantId}/v2.0`,
      azp: caller.clientId,
      azpacr: "1",
      oid: caller.principalId,
      sub: caller.principalId,
      ver: "2.0",
    });
    expect(claimsOf(body)).not.toHaveProperty("roles");
    const { directory } = cloud.entra;
    directory.update(api.principalId, { properties: { appRoleAssignmentRequired: true } });
    expect(await ask()).toMatchObject(
      refusal(
        400,
        "invalid_grant",
        501051,
        `Application '${caller.clientId}'(caller) is not assigned to a role for the application '${api.clientId}'(orders-api).`,
      ),
    );
    expect(await signIn({ scope: "api://orders/Orders.Read" })).toMatchObject(
      refusal(400, "invalid_grant", 50105, `The signed in user '${anna.username}' is blocked`),
    );
    const { appRoleAssignments } = directory;
    appRoleAssignments.add({
      appRoleId: adminRoleId,
      principalId: caller.principalId,
      resourceId: api.principalId,
    });
    expect(claimsOf((await ask()).body).roles).toEqual(["Admin"]);
    directory.update(api.principalId, { properties: {} });
  });

  test("are refused without consent, unless one person gave theirs", async () => {
    const client = cloud.application("client", { isFallbackPublicClient: true });
    const bert = cloud.person("bert-alone");
    const ask = (person: TestPerson) =>
      signIn({ ...person, client_id: client.clientId, scope: "api://orders/Orders.Read" });
    expect(await ask(bert)).toMatchObject({
      ...refusal(400, "invalid_grant", 65001, `with ID '${client.clientId}' named 'client'`),
      body: { suberror: "consent_required" },
    });
    cloud.entra.directory.permissionGrants.add({
      clientId: client.principalId,
      consentType: "Principal",
      principalId: bert.id,
      resourceId: api.principalId,
      scope: "Orders.Read",
    });
    expect(claimsOf((await ask(bert)).body).scp).toBe("Orders.Read");
    expect(await ask(anna)).toMatchObject(refusal(400, "invalid_grant", 65001));
    const { directory } = cloud.entra;
    directory.update(client.principalId, { properties: { appRoleAssignmentRequired: true } });
    expect(await ask(bert)).toMatchObject(
      refusal(
        400,
        "invalid_grant",
        50105,
        `configured the application client ('${client.clientId}') to block`,
      ),
    );
  });
});
