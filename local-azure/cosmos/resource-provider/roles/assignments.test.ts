import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { operationRefusal, type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import { all, bad } from "../testing/cosmos-manager.ts";
import { contributor, type RoleAccount, reader, startRoleAccount, unknown } from "../testing/role-account.ts";
import { roleAssignmentType } from "../types.ts";

let at: RoleAccount;
let { account, rm, sql, principal, guid, definitionId, assign, define } = {} as RoleAccount;

beforeAll(async () => {
  at = await startRoleAccount();
  ({ account, rm, sql, principal, guid, definitionId, assign, define } = at);
});

afterAll(() => at.rm.close());

describe("role assignments", () => {
  test("are written with full ids, given another role, listed and deleted", async () => {
    const name = guid();
    const made = await assign(name, { scope: "/dbs/shop/colls/orders", roleDefinitionId: reader });
    expect(made).toMatchObject({
      id: `${account}/sqlRoleAssignments/${name}`,
      name,
      type: roleAssignmentType,
      principalId: principal.principalId,
      scope: `${account}/dbs/shop/colls/orders`,
      roleDefinitionId: definitionId(reader),
    });
    const changed = await assign(name, {
      scope: `${account}/dbs/shop/colls/orders`,
      roleDefinitionId: definitionId(contributor),
    });
    expect(changed.roleDefinitionId).toBe(definitionId(contributor));
    expect(await sql.getSqlRoleAssignment("rg", "account", name)).toEqual(changed);
    expect((await all(sql.listSqlRoleAssignments("rg", "account"))).map((one) => one.name)).toEqual([name]);
    await sql.deleteSqlRoleAssignment("rg", "account", name);
    expect(await refusalOf(sql.getSqlRoleAssignment("rg", "account", name))).toEqual({
      status: 404,
      code: "NotFound",
      message: `Unable to find a SQL Role Assignment with ID [${name}]. <activity>`,
    });
    await sql.deleteSqlRoleAssignment("rg", "account", name);
  });

  test("keep a users', a group's and a managed identity's object id", async () => {
    const { directory } = rm.entra;
    const ids = [
      directory.create({ type: "user", displayName: "user" }).id,
      directory.create({ type: "group", displayName: "group" }).id,
      directory.createManagedIdentity("/subscriptions/x/sites/site", "site").principalId,
    ];
    for (const principalId of ids) {
      const name = guid();
      expect(await assign(name, { principalId })).toMatchObject({ principalId });
      await sql.deleteSqlRoleAssignment("rg", "account", name);
    }
  });

  test.each<[string, () => PromiseLike<unknown>, () => Refusal]>([
    [
      "a name that is not a GUID",
      () => assign("mine"),
      () => bad("The Role Assignment ID [mine] is not a GUID."),
    ],
    [
      "a role definition of another account",
      () => assign(guid(), { roleDefinitionId: `${account}x/sqlRoleDefinitions/${reader}` }),
      () =>
        bad(
          `The Role Definition ID [${account}x/sqlRoleDefinitions/${reader}] is not one of this account. Write ${account}/sqlRoleDefinitions/<GUID>.`,
        ),
    ],
    [
      "a scope of another account",
      () => assign(guid(), { scope: `${account}x/dbs/shop` }),
      () =>
        bad(
          `Failed to parse the incoming request payload. Could not parse property [scope] with value [${account}x/dbs/shop]: "${account}x/dbs/shop" is not within the account ${account}.`,
        ),
    ],
  ])("are refused at once for %s", async (_what, call, refusal) => {
    expect(await refusalOf(call())).toEqual(refusal());
  });

  test.each<[string, () => PromiseLike<unknown>, () => string]>([
    [
      "a principal that does not exist",
      () => assign(guid(), { principalId: unknown }),
      () =>
        `BadRequest. The provided principal ID [${unknown}] was not found in the AAD tenant(s) [${rm.platform.tenantId}] which are associated with the customer's subscription. <activity>`,
    ],
    [
      "an application in place of its service principal",
      () => assign(guid(), { principalId: principal.applicationId }),
      () =>
        `BadRequest. The provided principal ID [${principal.applicationId}] was found to be of an unsupported type : [Application] <activity>`,
    ],
    [
      "a role definition that does not exist",
      () => assign(guid(), { roleDefinitionId: definitionId(unknown) }),
      () => `NotFound. Unable to find a SQL Role Definition with ID [${unknown}]. <activity>`,
    ],
  ])("fail for %s", async (_what, call, message) => {
    expect(await operationRefusal(call())).toBe(message());
    expect(await all(sql.listSqlRoleAssignments("rg", "account"))).toEqual([]);
  });

  test("fail for a principal that has not replicated yet, and not from the moment on when it has", async () => {
    const { faults } = rm.platform;
    faults.set("directory-replication", undefined, 20);
    const { principalId } = rm.createPrincipal("late");
    const missing = `BadRequest. The provided principal ID [${principalId}] was not found in the AAD tenant(s) [${rm.platform.tenantId}] which are associated with the customer's subscription. <activity>`;
    expect(await operationRefusal(assign(guid(), { principalId }))).toBe(missing);
    rm.clock.advance(19_999);
    expect(await operationRefusal(assign(guid(), { principalId }))).toBe(missing);
    rm.clock.advance(1);
    const name = guid();
    expect(await assign(name, { principalId })).toMatchObject({ principalId });
    faults.clear("directory-replication");
    await sql.deleteSqlRoleAssignment("rg", "account", name);
  });

  test("fail outside the assignable scopes of the role", async () => {
    const role = guid();
    await define(role, { assignableScopes: ["/dbs/shop/colls/orders"] });
    const roleDefinitionId = definitionId(role);
    expect(await operationRefusal(assign(guid(), { roleDefinitionId }))).toBe(
      `BadRequest. The scope [${account}/dbs/shop] is not within the assignable scopes of the Role Definition: [${account}/dbs/shop/colls/orders]. <activity>`,
    );
    const name = guid();
    await assign(name, { roleDefinitionId, scope: "/dbs/shop/colls/orders" });
    await sql.deleteSqlRoleAssignment("rg", "account", name);
    await sql.deleteSqlRoleDefinition("rg", "account", role);
  });

  test("keep their principal and scope", async () => {
    const name = guid();
    await assign(name);
    const other = rm.createPrincipal("other");
    const refused = (what: string) =>
      `BadRequest. Updating SQL Role Assignment ${what} is not permitted. You may only update the associated Role Definition. <activity>`;
    expect(await operationRefusal(assign(name, { principalId: other.principalId }))).toBe(
      refused("Principal ID"),
    );
    expect(await operationRefusal(assign(name, { scope: account }))).toBe(refused("Scope"));
    await sql.deleteSqlRoleAssignment("rg", "account", name);
  });
});
