import { expect, test } from "@jest/globals";
import { DataPlaneAuthorizer } from "./authorizer.ts";
import { builtInRoles } from "./built-in-roles.ts";
import { allDataActions, type DataAction } from "./data-actions.ts";
import type { RoleDefinition } from "./role-definition.ts";
import type { DataScope } from "./scope.ts";

const prefix = "Microsoft.DocumentDB/databaseAccounts/";
const principal = "11111111-1111-4111-8111-111111111111";

/** A custom role that takes orders and looks them up, but neither changes nor removes any. */
const orderTaker: RoleDefinition = {
  id: "22222222-2222-4222-8222-222222222222",
  name: "Order taker",
  dataActions: [
    `${prefix}readMetadata`,
    `${prefix}sqlDatabases/containers/items/create`,
    `${prefix}sqlDatabases/containers/items/read`,
    `${prefix}sqlDatabases/containers/executeQuery`,
  ],
  assignableScopes: [{}],
};

const granted: Readonly<Record<string, DataScope>> = {
  account: {},
  database: { database: "orders" },
  container: { database: "orders", container: "orders" },
  sibling: { database: "orders", container: "audit" },
};
/** The second half of a cell asks where none of the narrower grants reaches: another database, its like-named container. */
const asked: readonly DataScope[] = [
  ...Object.values(granted),
  { database: "archive" },
  { database: "archive", container: "orders" },
];

/**
 * The data actions of the two built-in roles are those of the "Built-in roles" table of
 * https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security. Each cell answers for the action asked
 * on the account, the database, the container, its sibling, another database and the container of the same name there, in
 * this order: `+` allowed, `-` refused.
 */
const table = `
action                                         granted on  none    Reader  Contributor  custom
readMetadata                                   account     ------  ++++++  ++++++       ++++++
readMetadata                                   database    ------  -+++--  -+++--       -+++--
readMetadata                                   container   ------  --+---  --+---       --+---
readMetadata                                   sibling     ------  ---+--  ---+--       ---+--
sqlDatabases/containers/items/create           account     ------  ------  ++++++       ++++++
sqlDatabases/containers/items/create           database    ------  ------  -+++--       -+++--
sqlDatabases/containers/items/create           container   ------  ------  --+---       --+---
sqlDatabases/containers/items/create           sibling     ------  ------  ---+--       ---+--
sqlDatabases/containers/items/read             account     ------  ++++++  ++++++       ++++++
sqlDatabases/containers/items/read             database    ------  -+++--  -+++--       -+++--
sqlDatabases/containers/items/read             container   ------  --+---  --+---       --+---
sqlDatabases/containers/items/read             sibling     ------  ---+--  ---+--       ---+--
sqlDatabases/containers/items/replace          account     ------  ------  ++++++       ------
sqlDatabases/containers/items/replace          database    ------  ------  -+++--       ------
sqlDatabases/containers/items/replace          container   ------  ------  --+---       ------
sqlDatabases/containers/items/replace          sibling     ------  ------  ---+--       ------
sqlDatabases/containers/items/upsert           account     ------  ------  ++++++       ------
sqlDatabases/containers/items/upsert           database    ------  ------  -+++--       ------
sqlDatabases/containers/items/upsert           container   ------  ------  --+---       ------
sqlDatabases/containers/items/upsert           sibling     ------  ------  ---+--       ------
sqlDatabases/containers/items/delete           account     ------  ------  ++++++       ------
sqlDatabases/containers/items/delete           database    ------  ------  -+++--       ------
sqlDatabases/containers/items/delete           container   ------  ------  --+---       ------
sqlDatabases/containers/items/delete           sibling     ------  ------  ---+--       ------
sqlDatabases/containers/executeQuery           account     ------  ++++++  ++++++       ++++++
sqlDatabases/containers/executeQuery           database    ------  -+++--  -+++--       -+++--
sqlDatabases/containers/executeQuery           container   ------  --+---  --+---       --+---
sqlDatabases/containers/executeQuery           sibling     ------  ---+--  ---+--       ---+--
sqlDatabases/containers/readChangeFeed         account     ------  ++++++  ++++++       ------
sqlDatabases/containers/readChangeFeed         database    ------  -+++--  -+++--       ------
sqlDatabases/containers/readChangeFeed         container   ------  --+---  --+---       ------
sqlDatabases/containers/readChangeFeed         sibling     ------  ---+--  ---+--       ------
sqlDatabases/containers/executeStoredProcedure account     ------  ------  ++++++       ------
sqlDatabases/containers/executeStoredProcedure database    ------  ------  -+++--       ------
sqlDatabases/containers/executeStoredProcedure container   ------  ------  --+---       ------
sqlDatabases/containers/executeStoredProcedure sibling     ------  ------  ---+--       ------
sqlDatabases/containers/manageConflicts        account     ------  ------  ++++++       ------
sqlDatabases/containers/manageConflicts        database    ------  ------  -+++--       ------
sqlDatabases/containers/manageConflicts        container   ------  ------  --+---       ------
sqlDatabases/containers/manageConflicts        sibling     ------  ------  ---+--       ------
`;

const roles = [undefined, builtInRoles.reader.id, builtInRoles.contributor.id, orderTaker.id];
const definitions: RoleDefinition[] = [
  { ...builtInRoles.reader, assignableScopes: [{}] },
  { ...builtInRoles.contributor, assignableScopes: [{}] },
  orderTaker,
];

const rows = table
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.trim().split(/\s+/));

test("the table speaks of every data action granted on every scope, once", () => {
  const wanted = allDataActions.flatMap((action) =>
    Object.keys(granted).map((scope) => `${action} ${scope}`),
  );
  expect(rows.map(([action, scope]) => `${prefix}${action} ${scope}`).sort()).toEqual(wanted.sort());
});

test.each(rows)("%s, granted on %s: none %s, Reader %s, Contributor %s, custom %s", (...row) => {
  const [action, grantedOn = "", ...expected] = row;
  const decided = roles.map((roleDefinitionId) => {
    const assignments =
      roleDefinitionId === undefined
        ? []
        : [
            {
              id: "the grant",
              principalId: principal,
              roleDefinitionId,
              scope: granted[grantedOn] ?? { database: "?" },
            },
          ];
    const authorizer = new DataPlaneAuthorizer(definitions, assignments);
    return asked
      .map((scope) =>
        authorizer.decide([principal], `${prefix}${action}` as DataAction, scope).allowed ? "+" : "-",
      )
      .join("");
  });
  expect(decided).toEqual(expected);
});
