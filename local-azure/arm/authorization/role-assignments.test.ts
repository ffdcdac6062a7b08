import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { all } from "../../cosmos/resource-provider/testing/cosmos-manager.ts";
import { type GuardedAccount, roles, startGuardedAccount } from "../testing/guarded-account.ts";
import { refusalOf } from "../testing/refusal.ts";
import type { TestPrincipal } from "../testing/resource-manager.ts";

let { rm, authorization, group, account, guid, definition } = {} as GuardedAccount;

beforeAll(async () => {
  ({ rm, authorization, group, account, guid, definition } = await startGuardedAccount());
});

afterAll(() => rm.close());

describe("role assignments", () => {
  let principal: TestPrincipal;
  const write = (name: string, change: Readonly<Record<string, string>> = {}, scope = group) =>
    authorization.roleAssignments.create(scope, name, {
      principalId: principal.principalId,
      roleDefinitionId: definition(roles.reader),
      ...change,
    });

  beforeAll(() => {
    principal = rm.createPrincipal("assignee");
  });

  test("are written again unchanged, read by id and filtered by reach and principal", async () => {
    const name = guid();
    const first = await write(name, { description: "why" });
    expect(first).toMatchObject({
      id: `${group}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      name,
      type: "Microsoft.Authorization/roleAssignments",
      scope: group,
      principalType: "ServicePrincipal",
      roleDefinitionId: `${rm.subscription}${definition(roles.reader)}`,
      description: "why",
    });
    expect((await write(name, { description: "why" })).createdOn).toEqual(first.createdOn);
    expect(await authorization.roleAssignments.getById(first.id ?? "")).toMatchObject({ name });
    const list = async (scope: string, filter?: string) =>
      (
        await all(authorization.roleAssignments.listForScope(scope, filter === undefined ? {} : { filter }))
      ).map((one) => one.name);
    expect(await list(account)).toContain(name);
    expect(await list(rm.subscription)).toContain(name);
    expect(await list(rm.subscription, "atScope()")).not.toContain(name);
    expect(await list(rm.subscription, `principalId eq '${principal.principalId}'`)).toEqual([name]);
    expect(await list(rm.subscription, `assignedTo('${principal.principalId}')`)).toEqual([name]);
    expect(await list(`${rm.subscription}/resourceGroups/other`)).not.toContain(name);
  });

  const unknown = "99999999-8888-7777-6666-555555555555";

  interface Refused {
    readonly status: number;
    readonly code: string;
    readonly message: () => unknown;
  }

  test.each<[string, () => Promise<unknown>, Refused]>([
    [
      "a principal that does not exist",
      () => write(guid(), { principalId: unknown }),
      {
        status: 400,
        code: "PrincipalNotFound",
        message: () =>
          `Principal ${unknown.replaceAll("-", "")} does not exist in the directory ${rm.platform.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
      },
    ],
    [
      "an application in place of its service principal",
      () => write(guid(), { principalId: principal.applicationId, principalType: "ServicePrincipal" }),
      {
        status: 400,
        code: "PrincipalTypeNotSupported",
        message: () => "Principals of type Application cannot validly be used in role assignments.",
      },
    ],
    [
      "another principal type",
      () => write(guid(), { principalType: "User" }),
      {
        status: 400,
        code: "UnmatchedPrincipalType",
        message: () =>
          `The PrincipalId '${principal.principalId.replaceAll("-", "")}' has type 'ServicePrincipal' , which is different from specified PrinciaplType 'User'.`,
      },
    ],
    [
      "a principal type that no principal has",
      () => write(guid(), { principalType: "Robot" }),
      {
        status: 400,
        code: "InvalidRequestContent",
        message: () =>
          "The request content was invalid and could not be deserialized: 'properties.principalType: must be one of ServicePrincipal, User, Group'.",
      },
    ],
    [
      "a name that is not a GUID",
      () => write("reader"),
      {
        status: 400,
        code: "InvalidRoleAssignmentId",
        message: () => "The role assignment ID 'reader' is not valid. The role assignment ID must be a GUID.",
      },
    ],
    [
      "an unknown role",
      () => write(guid(), { roleDefinitionId: definition(unknown) }),
      {
        status: 400,
        code: "RoleDefinitionDoesNotExist",
        message: () => `The specified role definition with ID '${unknown}' does not exist.`,
      },
    ],
    [
      "a condition",
      () => write(guid(), { condition: "true" }),
      {
        status: 400,
        code: "BadRequest",
        message: () => "Role assignments with 'condition' are not supported by this local cloud.",
      },
    ],
    [
      "a scope that does not exist",
      () => write(guid(), {}, `${account}x`),
      {
        status: 404,
        code: "ResourceNotFound",
        message: () =>
          "The Resource 'Microsoft.DocumentDB/databaseAccounts/guardedx' under resource group 'rg' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
      },
    ],
    [
      "an unknown filter",
      () => all(authorization.roleAssignments.listForScope(group, { filter: "roleName eq 'x'" })),
      {
        status: 400,
        code: "UnsupportedQueryString",
        message: () =>
          "The filter 'roleName eq 'x'' is not supported. Supported are atScope(), principalId eq '{id}' and assignedTo('{id}').",
      },
    ],
  ])("are refused for %s", async (_what, call, { status, code, message }) => {
    expect(await refusalOf(call())).toEqual({ status, code, message: message() });
  });

  test("stand once for a principal, role and scope, and change neither", async () => {
    const [name, twin] = [guid(), guid()];
    const other = rm.createPrincipal("twin");
    const change = { principalId: other.principalId };
    await write(name, change);
    expect(await refusalOf(write(twin, change))).toEqual({
      status: 409,
      code: "RoleAssignmentExists",
      message: `The role assignment already exists. The ID of the existing role assignment is ${name.replaceAll("-", "")}.`,
    });
    for (const changed of [{ roleDefinitionId: definition(roles.contributor), ...change }, {}]) {
      expect(await refusalOf(write(name, changed))).toEqual({
        status: 403,
        code: "RoleAssignmentUpdateNotPermitted",
        message: "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      });
    }
  });

  test("a principal that has not replicated yet is not found, unless its type is declared", async () => {
    const { faults } = rm.platform;
    faults.set("directory-replication", undefined, 20);
    const late = rm.createPrincipal("late");
    const change = { principalId: late.principalId };
    expect(await refusalOf(write(guid(), change))).toMatchObject({ status: 400, code: "PrincipalNotFound" });
    const declared = guid();
    expect(await write(declared, { ...change, principalType: "ServicePrincipal" })).toMatchObject({
      principalId: late.principalId,
      principalType: "ServicePrincipal",
    });
    await authorization.roleAssignments.delete(group, declared);
    expect(await refusalOf(write(guid(), { principalId: late.applicationId }))).toMatchObject({
      code: "PrincipalNotFound",
    });
    rm.clock.advance(19_999);
    expect(await refusalOf(write(guid(), change))).toMatchObject({ code: "PrincipalNotFound" });
    rm.clock.advance(1);
    expect(await write(guid(), change)).toMatchObject({ principalType: "ServicePrincipal" });
    faults.clear("directory-replication");
  });

  test("a principal that does not exist is taken at its word with its type, in any case", async () => {
    const made = await write(guid(), { principalId: unknown, principalType: "group" });
    expect(made).toMatchObject({ principalId: unknown, principalType: "Group" });
  });
});
