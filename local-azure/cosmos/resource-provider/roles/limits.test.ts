import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ArmResource } from "../../../arm/resource-store.ts";
import { operationRefusal, type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import { type RoleAccount, reader, readMetadata, startRoleAccount } from "../testing/role-account.ts";
import { roleAssignmentType, roleDefinitionType } from "../types.ts";

let at: RoleAccount;
let { account, rm, sql, principal, guid, assign, define } = {} as RoleAccount;

beforeAll(async () => {
  at = await startRoleAccount();
  ({ account, rm, sql, principal, guid, assign, define } = at);
  await at.createAccount("full");
});

afterAll(() => at.rm.close());

test("while one role write lasts, another on the account is refused and one on another account is not", async () => {
  const gate = Promise.withResolvers<void>();
  const held = guid();
  const reached = Promise.withResolvers<void>();
  rm.resources.observe((change) => {
    if (change.kind !== "put" || change.after.name !== held) return;
    reached.resolve();
    return gate.promise;
  });
  const first = assign(held).then(({ name }) => name);
  await reached.promise;
  const refusal: Refusal = {
    status: 412,
    code: "PreconditionFailed",
    message:
      "There is another user operation in progress which requires an exclusive lock on [account]. Please retry after sometime. <activity>",
  };
  const role = guid();
  expect(await Promise.all([refusalOf(assign(guid())), refusalOf(define(role))])).toEqual([refusal, refusal]);
  expect(await refusalOf(sql.deleteSqlRoleAssignment("rg", "account", held))).toEqual(refusal);
  const elsewhere = await sql.createUpdateSqlRoleDefinition("rg", "full", role, {
    roleName: "elsewhere",
    assignableScopes: ["/"],
    permissions: [{ dataActions: [readMetadata] }],
  });
  expect(elsewhere.name).toBe(role);
  await sql.deleteSqlRoleDefinition("rg", "full", role);
  gate.resolve();
  expect(await first).toBe(held);
  await define(role);
  await sql.deleteSqlRoleAssignment("rg", "account", held);
});

test("an account holds 100 role definitions and 2,000 role assignments", async () => {
  const full = account.replace(/account$/, "full");
  const insert = async (
    type: string,
    count: number,
    properties: (index: number) => ArmResource["properties"],
  ) => {
    const path = type === roleDefinitionType ? "sqlRoleDefinitions" : "sqlRoleAssignments";
    for (let index = 0; index < count; index += 1) {
      const name = guid();
      const id = `${full}/${path}/${name}`;
      await rm.resources.put({ id, name, type, properties: properties(index), internal: {}, etag: name });
    }
  };
  await insert(roleDefinitionType, 99, (index) => ({
    roleName: `role ${index}`,
    assignableScopes: [full],
    permissions: [{ dataActions: [readMetadata] }],
  }));
  const putDefinition = (name: string) =>
    sql.createUpdateSqlRoleDefinition("rg", "full", name, {
      roleName: name,
      assignableScopes: ["/"],
      permissions: [{ dataActions: [readMetadata] }],
    });
  const last = guid();
  await putDefinition(last);
  expect(await operationRefusal(putDefinition(guid()))).toBe(
    "BadRequest. The account has 100 SQL Role Definitions, which is the maximum. <activity>",
  );
  await putDefinition(last);

  await insert(roleAssignmentType, 1999, () => ({
    principalId: guid(),
    roleDefinitionId: `${full}/sqlRoleDefinitions/${reader}`,
    scope: full,
  }));
  const putAssignment = (name: string) =>
    sql.createUpdateSqlRoleAssignment("rg", "full", name, {
      principalId: principal.principalId,
      roleDefinitionId: reader,
      scope: "/",
    });
  const final = guid();
  await putAssignment(final);
  expect(await operationRefusal(putAssignment(guid()))).toBe(
    "BadRequest. The account has 2000 SQL Role Assignments, which is the maximum. <activity>",
  );
  await putAssignment(final);
});
