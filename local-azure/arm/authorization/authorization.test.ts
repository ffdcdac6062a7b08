import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { CosmosDBManagementClient } from "@azure/arm-cosmosdb";
import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { refusalOf } from "../testing/refusal.ts";
import {
  startResourceManager,
  type TestPrincipal,
  type TestResourceManager,
} from "../testing/resource-manager.ts";

const roles = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  accountContributor: "5bd9cd88-fe45-4216-938b-f97437e15450",
  accountReader: "fbdf93bf-df7d-467e-a4d2-9458aa1360c8",
  operator: "230815da-be43-4aae-9cb4-875f7bd000aa",
} as const;

let rm: TestResourceManager;
let authorization: AuthorizationManagementClient;
let group: string;
let account: string;

beforeAll(async () => {
  rm = await startResourceManager();
  const { subscriptionId } = rm.platform;
  authorization = new AuthorizationManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  const resources = new ResourceManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  for (const name of ["rg", "other"]) {
    await resources.resourceGroups.createOrUpdate(name, { location: "westeurope" });
  }
  group = `${rm.subscription}/resourceGroups/rg`;
  account = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/guarded`;
  const cosmos = new CosmosDBManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  await cosmos.databaseAccounts.createOrUpdate("rg", "guarded", {
    location: "westeurope",
    databaseAccountOfferType: "Standard",
    locations: [{ locationName: "westeurope" }],
    createMode: "Default",
  });
});

afterAll(() => rm.close());

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

const definition = (guid: string) => `/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
const guid = () => rm.platform.ids.uuid();

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
        code: "PrincipalNotFound",
        message: () => expect.stringContaining(principal.applicationId.replaceAll("-", "")),
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
});

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
