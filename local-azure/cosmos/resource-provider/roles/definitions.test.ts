import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { operationRefusal, type Refusal, refusalOf } from "../../../arm/testing/refusal.ts";
import { all, bad } from "../testing/cosmos-manager.ts";
import {
  contributor,
  type RoleAccount,
  reader,
  readMetadata,
  startRoleAccount,
  unknown,
} from "../testing/role-account.ts";
import { roleDefinitionType } from "../types.ts";

let at: RoleAccount;
let { account, sql, guid, definitionId, assign, define } = {} as RoleAccount;

beforeAll(async () => {
  at = await startRoleAccount();
  ({ account, sql, guid, definitionId, assign, define } = at);
});

afterAll(() => at.rm.close());

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
