import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { all } from "../../cosmos/resource-provider/testing/cosmos-manager.ts";
import { type GuardedAccount, roles, startGuardedAccount } from "../testing/guarded-account.ts";
import { refusalOf } from "../testing/refusal.ts";

let { rm, authorization, group, account, guid, definition } = {} as GuardedAccount;

beforeAll(async () => {
  ({ rm, authorization, group, account, guid, definition } = await startGuardedAccount());
});

afterAll(() => rm.close());

describe("role definitions", () => {
  const custom = {
    roleName: "Key lister",
    assignableScopes: [] as string[],
    permissions: [{ actions: ["Microsoft.DocumentDB/databaseAccounts/listKeys/action"], notActions: [] }],
  };

  test("built-in ones are found by name and cannot be changed", async () => {
    const { roleDefinitions } = authorization;
    const [found] = await all(roleDefinitions.list(group, { filter: "roleName eq 'Cosmos DB Operator'" }));
    expect(found).toMatchObject({ name: roles.operator, roleType: "BuiltInRole" });
    expect(await roleDefinitions.get(group, roles.owner)).toMatchObject({ roleName: "Owner" });
    expect(await roleDefinitions.getById(found?.id ?? "")).toMatchObject({ name: roles.operator });
    const message = `The role definition '${roles.owner}' is built in: it can be neither changed nor deleted.`;
    const refusal = { status: 400, code: "RoleDefinitionUpdateNotPermitted", message };
    expect(await refusalOf(roleDefinitions.createOrUpdate(group, roles.owner, custom))).toEqual(refusal);
    expect(await refusalOf(roleDefinitions.delete(group, roles.owner))).toEqual(refusal);
  });

  test("a custom one grants what it says, and goes only when nobody has it", async () => {
    const { roleDefinitions, roleAssignments } = authorization;
    const name = guid();
    const made = await roleDefinitions.createOrUpdate(group, name, { ...custom, assignableScopes: [group] });
    expect(made).toMatchObject({
      id: `${rm.subscription}${definition(name)}`,
      roleType: "CustomRole",
      assignableScopes: [group],
    });
    const lister = rm.createPrincipal("lister");
    const assignment = guid();
    await roleAssignments.create(account, assignment, {
      principalId: lister.principalId,
      roleDefinitionId: made.id ?? "",
    });
    const token = rm.token(lister.principalId);
    const list = () => rm.request("POST", `${account}/listKeys?api-version=2025-10-15`, { token });
    expect((await list()).status).toBe(200);
    expect((await rm.request("GET", `${account}?api-version=2025-10-15`, { token })).status).toBe(403);
    expect(await refusalOf(roleDefinitions.delete(group, name))).toEqual({
      status: 400,
      code: "RoleDefinitionHasAssignments",
      message: "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).",
    });
    expect(
      await refusalOf(
        roleAssignments.create(rm.subscription, guid(), {
          principalId: lister.principalId,
          roleDefinitionId: made.id ?? "",
        }),
      ),
    ).toEqual({
      status: 400,
      code: "RoleDefinitionNotAssignableAtScope",
      message: `The role definition '${name}' is not assignable at the scope '${rm.subscription}'.`,
    });
    await roleDefinitions.createOrUpdate(group, name, {
      ...custom,
      assignableScopes: [group],
      permissions: [{ actions: ["Microsoft.DocumentDB/databaseAccounts/read"] }],
    });
    expect((await list()).status).toBe(403);
    await roleAssignments.delete(account, assignment);
    await roleDefinitions.delete(group, name);
    expect(await refusalOf(roleDefinitions.get(group, name))).toEqual({
      status: 404,
      code: "RoleDefinitionDoesNotExist",
      message: `The specified role definition with ID '${name}' does not exist.`,
    });
  });

  test("nobody widens a role beyond the scopes that they may write roles at", async () => {
    const manager = rm.createPrincipal("group owner");
    await rm.assign(manager.principalId, roles.owner, group);
    const client = new AuthorizationManagementClient(
      rm.credential(manager),
      rm.platform.subscriptionId,
      rm.clientOptions,
    );
    const name = guid();
    const wide = { ...custom, roleName: "Wide", assignableScopes: [rm.subscription] };
    const path = `${group}${definition(name)}`;
    const refusal = (verb: string) => ({
      status: 403,
      code: "LinkedAuthorizationFailed",
      message: `The client with object id '${manager.principalId}' has permission to perform action 'Microsoft.Authorization/roleDefinitions/${verb}' on scope '${path}'; however, it does not have permission to perform action 'Microsoft.Authorization/roleDefinitions/${verb}' on the linked scope(s) '${rm.subscription}' or the linked scope(s) are invalid.`,
    });
    expect(await refusalOf(client.roleDefinitions.createOrUpdate(group, name, wide))).toEqual(
      refusal("write"),
    );
    await authorization.roleDefinitions.createOrUpdate(group, name, wide);
    const narrowed = { ...wide, assignableScopes: [group], permissions: [{ actions: ["*"] }] };
    expect(await refusalOf(client.roleDefinitions.createOrUpdate(group, name, narrowed))).toEqual(
      refusal("write"),
    );
    expect(await refusalOf(client.roleDefinitions.delete(group, name))).toEqual(refusal("delete"));
  });
});
