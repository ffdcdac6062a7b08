import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DataPlaneAuthorizer } from "./authorizer.ts";
import { allDataActions, type DataAction, dataActions } from "./data-actions.ts";
import type { RoleAssignment, RoleDefinition } from "./role-definition.ts";
import type { DataScope } from "./scope.ts";

const role = (id: string, ...actions: string[]): RoleDefinition => ({
  id,
  name: id,
  dataActions: actions,
  assignableScopes: [{}],
});
const grant = (
  id: string,
  principalId: string,
  roleDefinitionId: string,
  scope: DataScope,
): RoleAssignment => ({
  id,
  principalId,
  roleDefinitionId,
  scope,
});
const reads = role("reads", dataActions.readItem);
const orders = { database: "orders", container: "orders" };

describe("DataPlaneAuthorizer", () => {
  test("names the assignment that allowed it, the widest one first", () => {
    const authorizer = new DataPlaneAuthorizer(
      [reads],
      [grant("narrow", "p", "reads", orders), grant("wide", "p", "reads", { database: "orders" })],
    );
    expect(authorizer.decide(["p"], dataActions.readItem, orders)).toEqual({
      allowed: true,
      assignmentId: "wide",
    });
  });

  test("of two grants on the same scope names the first", () => {
    const twice = [grant("first", "p", "reads", orders), grant("second", "p", "reads", orders)];
    const authorizer = new DataPlaneAuthorizer([reads], twice);
    const first = { allowed: true, assignmentId: "first" };
    expect(authorizer.decide(["p"], dataActions.readItem, orders)).toEqual(first);
    expect(authorizer.decideAnywhere(["p"], dataActions.readItem)).toEqual(first);
  });

  test("adds up the roles of one principal and those of its groups", () => {
    const authorizer = new DataPlaneAuthorizer(
      [reads, role("writes", dataActions.createItem)],
      [grant("own", "p", "reads", orders), grant("by group", "g", "writes", orders)],
    );
    expect(authorizer.decide(["p", "g"], dataActions.createItem, orders)).toEqual({
      allowed: true,
      assignmentId: "by group",
    });
    expect(authorizer.decide(["p"], dataActions.createItem, orders)).toEqual({ allowed: false });
  });

  test("principal and role ids compare without case, names of databases and containers with it", () => {
    const authorizer = new DataPlaneAuthorizer([reads], [grant("a", "AB-CD", "READS", orders)]);
    expect(authorizer.decide(["Ab-cD"], dataActions.readItem, orders).allowed).toBe(true);
    expect(
      authorizer.decide(["ab-cd"], dataActions.readItem, { database: "Orders", container: "orders" }).allowed,
    ).toBe(false);
  });

  test("an assignment of a role that is not there, an unknown action and an inherited name grant nothing", () => {
    const authorizer = new DataPlaneAuthorizer(
      [role("odd", "toString", "Microsoft.DocumentDB/databaseAccounts/readmetadata2")],
      [grant("a", "p", "gone", {}), grant("b", "p", "odd", {})],
    );
    expect(allDataActions.filter((action) => authorizer.decide(["p"], action, {}).allowed)).toEqual([]);
    expect(authorizer.decide(["p"], "constructor" as DataAction, {})).toEqual({ allowed: false });
    expect(authorizer.decide(["__proto__"], dataActions.readItem, { database: "__proto__" })).toEqual({
      allowed: false,
    });
  });

  test("a container without its database neither is granted nor may be asked for", () => {
    const stray = { container: "orders" };
    const misread = new DataPlaneAuthorizer([reads], [grant("a", "p", "reads", stray)]);
    for (const resource of [{}, { database: "orders" }, orders, stray]) {
      expect(misread.decide(["p"], dataActions.readItem, resource)).toEqual({ allowed: false });
    }
    expect(misread.decideAnywhere(["p"], dataActions.readItem)).toEqual({ allowed: false });
    const everything = new DataPlaneAuthorizer([reads], [grant("a", "p", "reads", {})]);
    expect(everything.decide(["p"], dataActions.readItem, stray)).toEqual({ allowed: false });
  });

  test("anywhere: one container is enough, another principal's is not", () => {
    const authorizer = new DataPlaneAuthorizer([reads], [grant("a", "p", "reads", orders)]);
    expect(authorizer.decideAnywhere(["g", "P"], dataActions.readItem)).toEqual({
      allowed: true,
      assignmentId: "a",
    });
    expect(authorizer.decideAnywhere(["g"], dataActions.readItem)).toEqual({ allowed: false });
    expect(authorizer.decideAnywhere(["p"], dataActions.deleteItem)).toEqual({ allowed: false });
  });
});

const name = fc.constantFrom("a", "b", "A");
const scope: fc.Arbitrary<DataScope> = fc.oneof(
  fc.constant({}),
  fc.record({ database: name }),
  fc.record({ database: name, container: name }),
);
const principal = fc.constantFrom("p", "q", "g");
const action = fc.constantFrom(...allDataActions);
const container = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers";
const entry = fc.oneof(action, fc.constantFrom(`${container}/*`, `${container}/items/*`));

/** Whether an entry of a role covers an action: the same words, a lone star standing for any one last word. */
function covers(held: string, wanted: string): boolean {
  const words = wanted.split("/");
  const patterns = held.split("/");
  return (
    words.length === patterns.length &&
    patterns.every((pattern, index) => pattern === "*" || pattern === words[index])
  );
}

/**
 * Walks through every grant and compares written-out paths: no index, and none of the code under test. With no place to
 * look at, a grant anywhere will do.
 */
function bruteForce(
  actionsOf: ReadonlyMap<string, readonly string[]>,
  grants: readonly RoleAssignment[],
  principals: readonly string[],
  wanted: string,
  on: DataScope | undefined,
): string[] {
  const path = ({ database, container }: DataScope) =>
    ["", database, container].filter((part) => part !== undefined).join("|");
  return grants
    .filter((each) => principals.some((one) => one === each.principalId))
    .filter((each) => (actionsOf.get(each.roleDefinitionId) ?? []).some((held) => covers(held, wanted)))
    .filter((each) => on === undefined || `${path(on)}|`.indexOf(`${path(each.scope)}|`) === 0)
    .map((each) => each.id);
}

test("decides as a walk through all grants does, and names one of those that allow", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(entry, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(principal, fc.nat(4), scope), { maxLength: 12 }),
      fc.uniqueArray(principal, { maxLength: 3 }),
      action,
      scope,
      (roleActions, drawn, principals, wanted, on) => {
        const definitions = roleActions.map((actions, index) => role(String(index), ...actions));
        const grants = drawn.map(([who, which, where], index) =>
          grant(`#${index}`, who, String(which), where),
        );
        const held = new Map(roleActions.map((actions, index) => [String(index), actions]));
        const authorizer = new DataPlaneAuthorizer(definitions, grants);
        for (const [decision, allowing] of [
          [authorizer.decide(principals, wanted, on), bruteForce(held, grants, principals, wanted, on)],
          [
            authorizer.decideAnywhere(principals, wanted),
            bruteForce(held, grants, principals, wanted, undefined),
          ],
        ] as const) {
          expect(decision.allowed).toBe(allowing.length > 0);
          if (decision.allowed) expect(allowing).toContain(decision.assignmentId);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
