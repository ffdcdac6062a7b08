import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { all } from "../../cosmos/resource-provider/testing/cosmos-manager.ts";
import { type GuardedAccount, roles, startGuardedAccount } from "../testing/guarded-account.ts";
import { refusalOf } from "../testing/refusal.ts";

let { rm, authorization, group, account, guid, definition } = {} as GuardedAccount;

beforeAll(async () => {
  ({ rm, authorization, group, account, guid, definition } = await startGuardedAccount());
});

afterAll(() => rm.close());

test("the deployer is Owner of the subscription by a role assignment that can be seen", async () => {
  expect(await all(authorization.roleAssignments.listForSubscription())).toMatchObject([
    {
      principalId: rm.entra.deployer.principalId,
      principalType: "ServicePrincipal",
      scope: rm.subscription,
      roleDefinitionId: `${rm.subscription}${definition(roles.owner)}`,
    },
  ]);
});

describe("calls are decided by role", () => {
  const keys = [
    "POST listKeys",
    "POST readonlykeys",
    "GET readonlykeys",
    "POST listConnectionStrings",
  ] as const;
  type Key = (typeof keys)[number];
  const actionOf: Record<Key, string> = {
    "POST listKeys": "listKeys/action",
    "POST readonlykeys": "readonlykeys/action",
    "GET readonlykeys": "readonlykeys/read",
    "POST listConnectionStrings": "listConnectionStrings/action",
  };

  // What each role may do is written out from Microsoft's list of operations and roles.
  test.each<[keyof typeof roles | "none", readonly Key[]]>([
    ["none", []],
    ["owner", keys],
    ["contributor", keys],
    ["reader", ["GET readonlykeys"]],
    ["accountContributor", keys],
    ["accountReader", ["POST readonlykeys", "GET readonlykeys"]],
    ["operator", []],
  ])("%s may list keys by %j", async (role, allowed) => {
    const principal = rm.createPrincipal(role);
    if (role !== "none") await rm.assign(principal.principalId, roles[role], group);
    const token = rm.token(principal.principalId);
    for (const key of keys) {
      const [method = "", suffix] = key.split(" ");
      const answer = await rm.request(method, `${account}/${suffix}?api-version=2025-10-15`, { token });
      const expected = allowed.includes(key)
        ? { status: 200 }
        : {
            status: 403,
            body: {
              error: {
                code: "AuthorizationFailed",
                message: `The client '${principal.clientId}' with object id '${principal.principalId}' does not have authorization to perform action 'Microsoft.DocumentDB/databaseAccounts/${actionOf[key]}' over scope '${account}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
              },
            },
          };
      expect(answer).toMatchObject(expected);
    }
  });

  test("an operator may not write data-plane roles, an account contributor may", async () => {
    const write = async (role: string) => {
      const principal = rm.createPrincipal(role);
      await rm.assign(principal.principalId, role, account);
      const { status } = await rm.request(
        "PUT",
        `${account}/sqlRoleAssignments/${guid()}?api-version=2025-10-15`,
        {
          token: rm.token(principal.principalId),
          body: {
            properties: {
              roleDefinitionId: `${account}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000001`,
              scope: account,
              principalId: principal.principalId,
            },
          },
        },
      );
      return status;
    };
    expect(await write(roles.operator)).toBe(403);
    expect(await write(roles.accountContributor)).toBe(202);
  });

  test("a role in a group of principals counts, and one at a group's scope reaches no other group", async () => {
    const principal = rm.createPrincipal("member");
    const team = rm.entra.directory.create({ type: "group", displayName: "team" });
    rm.entra.directory.memberships.add(team.id, principal.principalId);
    await rm.assign(team.id, roles.reader, group);
    const token = rm.token(principal.principalId);
    const read = (path: string) => rm.request("GET", `${path}?api-version=2024-03-01`, { token });
    expect((await read(group)).status).toBe(200);
    expect((await read(`${rm.subscription}/resourceGroups/other`)).status).toBe(403);
    expect((await read(`${rm.subscription}/resourceGroups/nowhere`)).status).toBe(403);
    expect((await read(`${rm.subscription}/resourceGroups`)).body).toMatchObject({ value: [{ name: "rg" }] });
    expect((await read(`${rm.subscription}/resources`)).body).toMatchObject({ value: [{ id: account }] });
    rm.entra.directory.memberships.remove(team.id, principal.principalId);
    const renewed = rm.token(principal.principalId);
    expect((await rm.request("GET", `${group}?api-version=2024-03-01`, { token: renewed })).status).toBe(403);
  });

  test("access ends with the role assignment", async () => {
    const principal = rm.createPrincipal("leaver");
    const name = guid();
    await authorization.roleAssignments.create(group, name, {
      principalId: principal.principalId,
      roleDefinitionId: definition(roles.reader),
    });
    const token = rm.token(principal.principalId);
    expect((await rm.request("GET", `${group}?api-version=2024-03-01`, { token })).status).toBe(200);
    await authorization.roleAssignments.delete(group, name);
    expect((await rm.request("GET", `${group}?api-version=2024-03-01`, { token })).status).toBe(403);
    expect((await refusalOf(authorization.roleAssignments.get(group, name))).code).toBe(
      "RoleAssignmentNotFound",
    );
  });
});
