import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { contains } from "../../rbac/cosmos/scope.ts";
import { ACCOUNT_ID, ASSIGNMENT, DEPLOYER, GROUP, ofType, run, SITE_IDENTITY } from "../testing/dev-stack.ts";
import { assignableScopes } from "./assignable-scopes.ts";
import { guidFrom } from "./guid.ts";
import { roleWriteRetryDelay } from "./role-write-retry.ts";

describe("grants", () => {
  test("name principal, built-in role and the narrow scope", async () => {
    const assignments = ofType(await run(), ASSIGNMENT);
    expect(assignments.map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        "deployer/reader/orders/orders",
        expect.objectContaining({
          principalId: DEPLOYER,
          roleDefinitionId: `${ACCOUNT_ID}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000001`,
        }),
      ],
      [
        "orders-api/contributor/orders/orders",
        {
          accountName: expect.stringMatching(/^cosmos-dev-/),
          resourceGroupName: GROUP,
          roleAssignmentId: "98e5799b-0c77-592c-b8eb-ba73fb785e32",
          principalId: SITE_IDENTITY,
          roleDefinitionId: `${ACCOUNT_ID}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`,
          scope: `${ACCOUNT_ID}/dbs/orders/colls/orders`,
        },
      ],
    ]);
  });

  test("and custom roles are written one after another, retried, and replaced without a gap (pains 2, 12)", async () => {
    const recording = await run({
      "keyless-cosmos:roles": {
        appender: { dataActions: ["Microsoft.DocumentDB/databaseAccounts/readMetadata"] },
      },
      "keyless-cosmos:principals": {
        deployer: { deployer: true, grants: [] },
        auditors: {
          objectId: SITE_IDENTITY,
          grants: [
            { role: "appender", scope: "account", justification: "j", owner: "o", reviewBy: "2027-02-20" },
          ],
        },
      },
    });
    const writes = recording.registrations.filter(({ type }) => type.includes("SqlRole"));
    expect(writes.map(({ name }) => name)).toEqual([
      "role-appender",
      "orders-api/contributor/orders/orders",
      "auditors/appender/account",
    ]);
    for (const [index, { dependencies, errorHooks, type, deleteBeforeReplace }] of writes.entries()) {
      expect(errorHooks).toEqual(["grants-retry"]);
      const previous = writes[index - 1];
      const chained = dependencies.filter((dependency) => dependency.includes("SqlRole"));
      if (previous === undefined) expect(chained).toEqual([]);
      else expect(chained.some((dependency) => dependency.endsWith(`::${previous.name}`))).toBe(true);
      expect(deleteBeforeReplace).toBe(type === ASSIGNMENT ? false : undefined);
    }
    const [definition, , assignment] = writes;
    expect(definition?.inputs).toMatchObject({
      roleName: "appender",
      type: "CustomRole",
      assignableScopes: [ACCOUNT_ID],
      permissions: [{ dataActions: ["Microsoft.DocumentDB/databaseAccounts/readMetadata"] }],
    });
    expect(assignment?.inputs.scope).toBe(ACCOUNT_ID);
    expect(assignment?.inputs.roleDefinitionId).toBe(
      `${ACCOUNT_ID}/sqlRoleDefinitions/${definition?.inputs.roleDefinitionId}`,
    );
    expect(recording.hooks.toSorted()).toEqual(["change-advice", "grants-retry"]);
  });

  test("a custom role is assignable where its grants are, and not defined when nobody holds it (pain 17)", async () => {
    const dataActions = ["Microsoft.DocumentDB/databaseAccounts/readMetadata"];
    const grant = { role: "appender", justification: "j", owner: "o", reviewBy: "2027-02-20" };
    const recording = await run({
      "keyless-cosmos:roles": { appender: { dataActions }, unused: { dataActions } },
      "keyless-cosmos:principals": {
        deployer: { deployer: true, grants: [{ ...grant, scope: "orders/orders" }] },
        auditors: {
          objectId: SITE_IDENTITY,
          grants: [
            { ...grant, scope: "orders/orders" },
            { ...grant, scope: "orders/audit" },
          ],
        },
      },
    });
    expect(
      ofType(recording, "azure-native:cosmosdb:SqlResourceSqlRoleDefinition").map(({ name, inputs }) => [
        name,
        inputs.assignableScopes,
      ]),
    ).toEqual([
      ["role-appender", [`${ACCOUNT_ID}/dbs/orders/colls/audit`, `${ACCOUNT_ID}/dbs/orders/colls/orders`]],
    ]);
  });

  test("assignable scopes cover every grant of the role, none of them twice, whatever the order", () => {
    const scope = fc.oneof(
      fc.constant({}),
      fc.record({ database: fc.constantFrom("a", "b") }),
      fc.record({ database: fc.constantFrom("a", "b"), container: fc.constantFrom("x", "y") }),
    );
    const grants = fc.array(fc.record({ role: fc.constantFrom("writer", "reader"), scope }));
    fc.assert(
      fc.property(grants, (chosen) => {
        const held = chosen.map((grant) => ({
          ...grant,
          justification: "j",
          owner: "o",
          reviewBy: "2027-02-20",
        }));
        const scopes = assignableScopes("writer", held);
        const used = held.filter(({ role }) => role === "writer");
        for (const grant of used)
          expect(scopes.filter((outer) => contains(outer, grant.scope))).toHaveLength(1);
        for (const outer of scopes) expect(used.map((grant) => grant.scope)).toContainEqual(outer);
        expect(assignableScopes("writer", held.toReversed())).toEqual(scopes);
      }),
    );
  });
});

describe("assignment names (pain 4)", () => {
  test("are version 5 GUIDs, the same for the same parts and different for any other", () => {
    expect(guidFrom(["assignment", "account"])).toBe("b441defe-8e4d-55cf-abc2-ebe29eabe35b");
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (left, right) => {
        expect(guidFrom(left)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(guidFrom(left) === guidFrom(right)).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
    );
  });
});

describe("role writes (pain 1)", () => {
  const replication =
    'Status=400 Code="BadRequest" Message="The provided principal ID [x] was not found in the AAD tenant(s) [y]"';
  const locked = 'Status=412 Code="PreconditionFailed" Message="Another write holds an exclusive lock"';

  test.each([
    ["a principal that the directory does not have yet", replication],
    [
      "a principal that resource manager does not have yet",
      'Code="PrincipalNotFound" Message="Principal x does not exist in the directory y."',
    ],
    ["another role write on the account", locked],
  ])("are tried again for %s, with growing waits and an end", (_what, error) => {
    const delays = Array.from({ length: 15 }, (_, attempt) =>
      roleWriteRetryDelay(Array.from({ length: attempt + 1 }, () => error)),
    );
    expect(delays).toEqual([2000, 4000, 8000, 16000, ...Array.from({ length: 10 }, () => 30000), undefined]);
  });

  test.each([
    ["nothing known", []],
    [
      "a refusal that stays",
      ['Status=403 Code="AuthorizationFailed" Message="The client does not have authorization"'],
    ],
    [
      "an app registration's id",
      [
        'Status=400 Message="The provided principal ID was found to be of an unsupported type : [Application]"',
      ],
    ],
    ["another error after a replication delay", ['Status=500 Code="InternalServerError"', replication]],
  ])("are given up for %s", (_what, errors) => {
    expect(roleWriteRetryDelay(errors)).toBeUndefined();
  });
});
