import { expect, test } from "@jest/globals";
import type { DataOperation } from "../rbac/cosmos/operations.ts";
import { declaredRights } from "./declared-rights.ts";
import { type Finding, failOn } from "./finding.ts";
import { type JudgedOutcome, judge } from "./judge.ts";
import type { LiveGrants } from "./live-grants.ts";
import {
  audit,
  orders,
  outputs,
  runnerPrincipal,
  workloadGrant,
  workloadPrincipal,
} from "./testing/outputs.ts";

const asDeclared: LiveGrants = { missing: new Set(), undeclared: [] };
const workload = declaredRights(outputs, workloadPrincipal.toUpperCase());
const runner = declaredRights(outputs, runnerPrincipal);
const stranger = declaredRights(outputs, "99999999-9999-4999-8999-999999999999");
const created: JudgedOutcome = { operation: "createItem", allowed: true, code: 201 };
const lacksCreate: JudgedOutcome = {
  operation: "createItem",
  allowed: false,
  code: 403,
  substatus: 5301,
  message: "Request blocked by Auth",
};
const grantName = `grant ${workloadGrant.id} (role contributor on orders/orders for orders-api)`;
const noCreate =
  "403/5301: no declared grant holds Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/create there";

test("rights are those of the principal's own grants, container by container", () => {
  const every: DataOperation[] = ["readContainer", "readItem", "queryItems", "createItem", "deleteItem"];
  const allowed = (rights: typeof runner, container: typeof orders) =>
    every.filter((operation) => rights.grantFor(operation, container) !== undefined);
  expect(allowed(workload, orders)).toEqual(every);
  expect(allowed(runner, orders)).toEqual(["readContainer", "readItem", "queryItems"]);
  expect([allowed(workload, audit), allowed(runner, audit), allowed(stranger, orders)]).toEqual([[], [], []]);
});

test("rights of a person come through the groups that they are in", () => {
  const developers = "77777777-7777-4777-8777-777777777777";
  const person = "88888888-8888-4888-8888-888888888888";
  const stack = {
    ...outputs,
    grants: [{ ...workloadGrant, principal: "developers", principalId: developers }],
    groups: {
      developers: { objectId: developers, members: [{ name: "a@b.example", objectId: person }] },
      others: { objectId: runnerPrincipal, members: [] },
    },
  };
  const rights = declaredRights(stack, person.toUpperCase());
  expect(rights.principalIds).toEqual([person, developers]);
  expect(rights.grantFor("createItem", orders)?.principal).toBe("developers");
  expect(rights.grantFor("createItem", audit)).toBeUndefined();
  expect(declaredRights(stack, runnerPrincipal).grantFor("createItem", orders)).toBeUndefined();
});

test.each([
  ["a granted operation that is allowed", workload, orders, created],
  ["a refusal where nothing is granted", runner, orders, lacksCreate],
  ["a refusal on another container", workload, audit, lacksCreate],
  ["a refusal of somebody without a grant", stranger, orders, lacksCreate],
])("%s is as it must be", (_, rights, container, outcome) => {
  expect(judge("who", rights, container, outcome, asDeclared)).toBeUndefined();
});

const gone: LiveGrants = { missing: new Set([workloadGrant.id]), undeclared: [] };
const strayed: LiveGrants = {
  missing: new Set(),
  undeclared: [
    { id: "cccccccc", principalId: runnerPrincipal.toUpperCase(), scope: "/dbs/orders" },
    { id: "dddddddd", principalId: workloadPrincipal, scope: "/" },
  ],
};

test.each<[string, Finding | undefined, Partial<Finding>]>([
  [
    "a grant whose assignment was deleted",
    judge("orders-api", workload, orders, lacksCreate, gone),
    {
      what: "orders-api: createItem on orders/orders",
      expected: `allowed by ${grantName}`,
      came: "403/5301 Request blocked by Auth",
      likelyCause: `${grantName} is missing: the account has no such role assignment`,
      fix: "pulumi up --refresh",
    },
  ],
  [
    "a grant that has no effect yet",
    judge("orders-api", workload, orders, lacksCreate, asDeclared),
    {
      likelyCause: "the role assignment has not propagated yet, or its role lacks the action",
      mayHeal: true,
    },
  ],
  [
    "an allowance that nobody declared",
    judge("the runner", runner, orders, created, strayed),
    {
      expected: noCreate,
      came: "allowed (201)",
      likelyCause: "the account has a role assignment that is not declared: cccccccc on /dbs/orders",
    },
  ],
  [
    "an allowance that may come of a group or of a deleted assignment",
    judge("the runner", runner, orders, created, asDeclared),
    { expected: noCreate, mayHeal: true },
  ],
  [
    "a refused token",
    judge(
      "orders-api",
      workload,
      orders,
      { ...created, allowed: false, code: 401, substatus: 5008 },
      asDeclared,
    ),
    { came: "401/5008", likelyCause: "the token was refused: its audience, tenant or times are wrong" },
  ],
  [
    "a firewall, which is no proof that rights are missing",
    judge("stranger", stranger, orders, { ...created, allowed: false, code: 403 }, asDeclared),
    { expected: noCreate, came: "403", likelyCause: "the account's firewall refuses this address" },
  ],
  [
    "no answer at all",
    judge("orders-api", workload, orders, { ...created, allowed: false, code: "none" }, asDeclared),
    { came: "none" },
  ],
])("%s is told with its cause", (_, finding, wanted) => {
  expect(finding).toMatchObject(wanted);
  expect(finding?.mayHeal).toBe(wanted.mayHeal);
});

test("findings of one cause are told together, without a stack that points into the tests", () => {
  const first = judge("orders-api", workload, orders, lacksCreate, gone);
  const second = judge("orders-api", workload, orders, { ...lacksCreate, operation: "upsertItem" }, gone);
  const third = judge("the runner", runner, orders, created, strayed);
  const findings = [first, third, second].filter((finding) => finding !== undefined);
  const text = [
    "orders-api: createItem on orders/orders",
    `Expected:     allowed by ${grantName}`,
    "Came:         403/5301 Request blocked by Auth",
    "orders-api: upsertItem on orders/orders",
    `Expected:     allowed by ${grantName}`,
    "Came:         403/5301 Request blocked by Auth",
    `Likely cause: ${grantName} is missing: the account has no such role assignment`,
    "Fix:          pulumi up --refresh",
    "",
    "the runner: createItem on orders/orders",
    `Expected:     ${noCreate}`,
    "Came:         allowed (201)",
    "Likely cause: the account has a role assignment that is not declared: cccccccc on /dbs/orders",
    "Fix:          delete it, or declare it as a grant with its justification",
  ].join("\n");
  const told = thrown(() => failOn(findings));
  expect([told?.message, told?.stack]).toEqual([text, `${text}\n`]);
  expect(thrown(() => failOn([]))).toBeUndefined();
});

function thrown(work: () => void): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
