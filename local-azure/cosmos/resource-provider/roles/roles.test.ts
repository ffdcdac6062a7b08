import { CosmosDBManagementClient, type SqlRoleAssignmentCreateUpdateParameters } from "@azure/arm-cosmosdb";
import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ArmResource } from "../../../arm/resource-store.ts";
import { operationRefusal, type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import {
  startResourceManager,
  type TestPrincipal,
  type TestResourceManager,
} from "../../../arm/testing/resource-manager.ts";
import { roleAssignmentType, roleDefinitionType } from "../types.ts";

const reader = "00000000-0000-0000-0000-000000000001";
const contributor = "00000000-0000-0000-0000-000000000002";
const unknown = "99999999-8888-7777-6666-555555555555";
const readMetadata = "Microsoft.DocumentDB/databaseAccounts/readMetadata";

let rm: TestResourceManager;
let client: CosmosDBManagementClient;
let sql: CosmosDBManagementClient["sqlResources"];
let account: string;
let principal: TestPrincipal;

beforeAll(async () => {
  rm = await startResourceManager();
  const { subscriptionId } = rm.platform;
  client = new CosmosDBManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  sql = client.sqlResources;
  const resources = new ResourceManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  await resources.resourceGroups.createOrUpdate("rg", { location: "westeurope" });
  for (const name of ["account", "full"]) {
    const { id = "" } = await client.databaseAccounts.createOrUpdate("rg", name, {
      location: "westeurope",
      databaseAccountOfferType: "Standard",
      locations: [{ locationName: "westeurope" }],
    });
    if (name === "account") account = id;
  }
  principal = rm.createPrincipal("workload");
});

afterAll(() => rm.close());

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

const guid = () => rm.platform.ids.uuid();
const definitionId = (name: string) => `${account}/sqlRoleDefinitions/${name}`;

const assign = (name: string, change: SqlRoleAssignmentCreateUpdateParameters = {}) =>
  sql.createUpdateSqlRoleAssignment("rg", "account", name, {
    principalId: principal.principalId,
    roleDefinitionId: definitionId(reader),
    scope: `${account}/dbs/shop`,
    ...change,
  });

const define = (name: string, change: Readonly<Record<string, unknown>> = {}) =>
  sql.createUpdateSqlRoleDefinition("rg", "account", name, {
    roleName: `role ${name}`,
    type: "CustomRole",
    assignableScopes: [account],
    permissions: [{ dataActions: [readMetadata] }],
    ...change,
  });

const bad = (message: string): Refusal => ({
  status: 400,
  code: "BadRequest",
  message: `${message} <activity>`,
});

describe("role definitions", () => {
  test("built-in ones are there, and stay as they are", async () => {
    const listed = await all(sql.listSqlRoleDefinitions("rg", "account"));
    expect(listed.map(({ name, roleName }) => [name, roleName])).toEqual([
      [reader, "Cosmos DB Built-in Data Reader"],
      [contributor, "Cosmos DB Built-in Data Contributor"],
    ]);
    expect(await sql.getSqlRoleDefinition("rg", "account", contributor)).toMatchObject({
      id: definitionId(contributor),
      assignableScopes: [account],
      permissions: [
        {
          dataActions: [
            readMetadata,
            "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/*",
            "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*",
          ],
        },
      ],
    });
    const fixed = bad("Built-in Role Definitions can be neither created, changed nor deleted.");
    expect(await refusalOf(define(reader))).toEqual(fixed);
    expect(await refusalOf(define(guid(), { type: "BuiltInRole" }))).toEqual(fixed);
    expect(await refusalOf(sql.deleteSqlRoleDefinition("rg", "account", reader))).toEqual(fixed);
  });

  test("custom ones are written with full scopes, changed, and deleted when nobody has them", async () => {
    const name = guid();
    const made = await define(name, { assignableScopes: ["/dbs/shop"] });
    expect(made).toMatchObject({
      id: definitionId(name),
      name,
      type: roleDefinitionType,
      assignableScopes: [`${account}/dbs/shop`],
      permissions: [{ dataActions: [readMetadata], notDataActions: [] }],
    });
    expect(await sql.getSqlRoleDefinition("rg", "account", name)).toEqual(made);
    const renamed = await define(name, { roleName: "renamed", assignableScopes: [`${account}/dbs/shop`] });
    expect(renamed.roleName).toBe("renamed");
    expect(await operationRefusal(define(guid(), { roleName: "renamed" }))).toBe(
      "BadRequest. A SQL Role Definition with the name [renamed] exists already. <activity>",
    );
    const assignment = guid();
    await assign(assignment, { roleDefinitionId: definitionId(name) });
    expect(await operationRefusal(sql.deleteSqlRoleDefinition("rg", "account", name))).toBe(
      `BadRequest. The SQL Role Definition [${name}] cannot be deleted: 1 SQL Role Assignment(s) refer to it. <activity>`,
    );
    await sql.deleteSqlRoleAssignment("rg", "account", assignment);
    await sql.deleteSqlRoleDefinition("rg", "account", name);
    expect(await refusalOf(sql.getSqlRoleDefinition("rg", "account", name))).toEqual({
      status: 404,
      code: "NotFound",
      message: `Unable to find a SQL Role Definition with ID [${name}]. <activity>`,
    });
    await sql.deleteSqlRoleDefinition("rg", "account", name);
  });

  test.each<[string, string, Readonly<Record<string, unknown>>, () => Refusal]>([
    ["a name that is not a GUID", "reader", {}, () => bad("The Role Definition ID [reader] is not a GUID.")],
    [
      "a wildcard that no role may hold",
      unknown,
      { permissions: [{ dataActions: ["Microsoft.DocumentDB/databaseAccounts/*"] }] },
      () =>
        bad(
          '"Microsoft.DocumentDB/databaseAccounts/*" is not a wildcard that roles may hold: use Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/* or Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*.',
        ),
    ],
    [
      "no data action",
      unknown,
      { permissions: [{ dataActions: [] }] },
      () => bad("A role definition needs at least one data action."),
    ],
    [
      "a scope in the form of a resource id",
      unknown,
      { assignableScopes: ["/sqlDatabases/shop/containers/orders"] },
      () =>
        bad(
          'Failed to parse the incoming request payload. Could not parse property [assignableScopes] with value [/sqlDatabases/shop/containers/orders]: "/sqlDatabases/shop/containers/orders" is the id of a resource, not a data-plane scope. Write "/dbs/shop/colls/orders".',
        ),
    ],
    [
      "notDataActions",
      unknown,
      { permissions: [{ dataActions: [readMetadata], notDataActions: [readMetadata] }] },
      () => ({
        status: 400,
        code: "InvalidRequestContent",
        message:
          "The request content was invalid and could not be deserialized: 'properties.permissions.0.notDataActions: is not supported by Azure Cosmos DB'.",
      }),
    ],
  ])("are refused for %s", async (_what, name, change, refusal) => {
    expect(await refusalOf(define(name, change))).toEqual(refusal());
  });
});

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
