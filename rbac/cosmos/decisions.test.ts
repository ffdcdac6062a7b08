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

const scopes: Readonly<Record<string, DataScope>> = {
  account: {},
  database: { database: "orders" },
  container: { database: "orders", container: "orders" },
  other: { database: "orders", container: "audit" },
};
const asked = Object.values(scopes);

/**
 * The data actions of the two built-in roles are those of the "Built-in roles" table of
 * https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security. Each cell answers for the action asked
 * on the account, on the database, on the container and on the other container, in this order: `+` allowed, `-` refused.
 */
const table = `
action                                       assigned on  none  Reader  Contributor  custom
readMetadata                                 account      ----  ++++    ++++         ++++
readMetadata                                 database     ----  -+++    -+++         -+++
readMetadata                                 container    ----  --+-    --+-         --+-
readMetadata                                 other        ----  ---+    ---+         ---+
sqlDatabases/containers/items/create         account      ----  ----    ++++         ++++
sqlDatabases/containers/items/create         database     ----  ----    -+++         -+++
sqlDatabases/containers/items/create         container    ----  ----    --+-         --+-
sqlDatabases/containers/items/create         other        ----  ----    ---+         ---+
sqlDatabases/containers/items/read           account      ----  ++++    ++++         ++++
sqlDatabases/containers/items/read           database     ----  -+++    -+++         -+++
sqlDatabases/containers/items/read           container    ----  --+-    --+-         --+-
sqlDatabases/containers/items/read           other        ----  ---+    ---+         ---+
sqlDatabases/containers/items/replace        account      ----  ----    ++++         ----
sqlDatabases/containers/items/replace        database     ----  ----    -+++         ----
sqlDatabases/containers/items/replace        container    ----  ----    --+-         ----
sqlDatabases/containers/items/replace        other        ----  ----    ---+         ----
sqlDatabases/containers/items/upsert         account      ----  ----    ++++         ----
sqlDatabases/containers/items/upsert         database     ----  ----    -+++         ----
sqlDatabases/containers/items/upsert         container    ----  ----    --+-         ----
sqlDatabases/containers/items/upsert         other        ----  ----    ---+         ----
sqlDatabases/containers/items/delete         account      ----  ----    ++++         ----
sqlDatabases/containers/items/delete         database     ----  ----    -+++         ----
sqlDatabases/containers/items/delete         container    ----  ----    --+-         ----
sqlDatabases/containers/items/delete         other        ----  ----    ---+         ----
sqlDatabases/containers/executeQuery         account      ----  ++++    ++++         ++++
sqlDatabases/containers/executeQuery         database     ----  -+++    -+++         -+++
sqlDatabases/containers/executeQuery         container    ----  --+-    --+-         --+-
sqlDatabases/containers/executeQuery         other        ----  ---+    ---+         ---+
sqlDatabases/containers/readChangeFeed       account      ----  ++++    ++++         ----
sqlDatabases/containers/readChangeFeed       database     ----  -+++    -+++         ----
sqlDatabases/containers/readChangeFeed       container    ----  --+-    --+-         ----
sqlDatabases/containers/readChangeFeed       other        ----  ---+    ---+         ----
sqlDatabases/containers/executeStoredProcedure account    ----  ----    ++++         ----
sqlDatabases/containers/executeStoredProcedure database   ----  ----    -+++         ----
sqlDatabases/containers/executeStoredProcedure container  ----  ----    --+-         ----
sqlDatabases/containers/executeStoredProcedure other      ----  ----    ---+         ----
sqlDatabases/containers/manageConflicts      account      ----  ----    ++++         ----
sqlDatabases/containers/manageConflicts      database     ----  ----    -+++         ----
sqlDatabases/containers/manageConflicts      container    ----  ----    --+-         ----
sqlDatabases/containers/manageConflicts      other        ----  ----    ---+         ----
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

test("the table speaks of every data action on every scope, once", () => {
  const wanted = allDataActions.flatMap((action) => Object.keys(scopes).map((scope) => `${action} ${scope}`));
  expect(rows.map(([action, scope]) => `${prefix}${action} ${scope}`).sort()).toEqual(wanted.sort());
});

test.each(rows)("%s, granted on %s: none %s, Reader %s, Contributor %s, custom %s", (...row) => {
  const [action, assignedOn = "", ...expected] = row;
  const decided = roles.map((roleDefinitionId) => {
    const assignments =
      roleDefinitionId === undefined
        ? []
        : [
            {
              id: "the grant",
              principalId: principal,
              roleDefinitionId,
              scope: scopes[assignedOn] ?? { database: "?" },
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
