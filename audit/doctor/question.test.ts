import { expect, test } from "@jest/globals";
import { dataActions } from "../../rbac/cosmos/data-actions.ts";
import { outputs, workloadGrant, workloadPrincipal } from "../../smoke-tests/testing/outputs.ts";
import { principalIdOf } from "./principal-name.ts";
import { formatTarget, parseTarget } from "./question.ts";
import { readQuestion } from "./read-question.ts";

test.each([
  ["account", {}],
  ["/", {}],
  ["orders", { database: "orders" }],
  ["orders/audit", { database: "orders", container: "audit" }],
])("the target %s", (text, target) => {
  expect(parseTarget(text)).toEqual(target);
  expect(parseTarget(formatTarget(target))).toEqual(target);
});

test.each(["", "orders/", "/orders", "a/b/c"])("%j is no target", (text) => {
  expect(() => parseTarget(text)).toThrow(
    expect.objectContaining({
      code: "KC-DOCTOR-TARGET",
      message: `"${text}" is not a target.`,
      fix: "Write account, <database> or <database>/<container>.",
    }),
  );
});

test("what is not given is what the stack declares of the principal", () => {
  expect(readQuestion({ outputs }, workloadPrincipal)).toEqual({
    target: { database: "orders", container: "orders" },
    operation: "readItem",
    write: false,
  });
  const grant = { ...workloadGrant, dataActions: [dataActions.readMetadata, dataActions.createItem] };
  expect(readQuestion({ outputs: { ...outputs, grants: [grant] } }, workloadPrincipal).operation).toBe(
    "createItem",
  );
  // Of another container nothing is declared: then the usual is asked about.
  expect(readQuestion({ outputs, target: "orders/audit" }, workloadPrincipal).operation).toBe("readItem");
  expect(readQuestion({ outputs }, "99999999-9999-4999-8999-999999999999")).toMatchObject({
    target: {},
    operation: "readAccount",
  });
});

test("a name of the stack stands for the object id that its grants name", () => {
  expect(principalIdOf("orders-api", outputs)).toBe(workloadPrincipal);
  expect(principalIdOf(workloadPrincipal.toUpperCase(), undefined)).toBe(workloadPrincipal);
  expect(principalIdOf("dev@contoso.example", undefined)).toBe("dev@contoso.example");
  expect(() => principalIdOf("orders", outputs)).toThrow(
    expect.objectContaining({
      code: "KC-DOCTOR-PRINCIPAL",
      message: 'The stack has no principal "orders": it has deployer, orders-api.',
    }),
  );
});
