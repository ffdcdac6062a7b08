import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { scopeContains } from "./scope.ts";

const subscription = "/subscriptions/33333333-3333-4333-8333-333333333333";
const group = `${subscription}/resourceGroups/shop`;
const account = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/shop`;

test.each([
  ["/", "/", true],
  ["/", subscription, true],
  ["/", account, true],
  ["/", "/providers/Microsoft.Management/managementGroups/all", true],
  [subscription, "/", false],
  [subscription, subscription, true],
  [subscription, `${subscription}/`, true],
  [`${subscription}/`, account, true],
  [subscription, subscription.replace("3333-", "4444-"), false],
  [subscription, `${subscription}0`, false],
  [group, account, true],
  [group.toUpperCase(), account, true],
  [group, subscription, false],
  [group, account.replace("/resourceGroups/shop/", "/resourceGroups/shop-2/"), false],
  [account, `${account}/sqlDatabases/orders/containers/audit`, true],
  [account, `${account}-2`, false],
  // What stands on a resource, such as a role assignment, lies within it.
  [account, `${account}/providers/Microsoft.Authorization/roleAssignments/44444444`, true],
  ["/providers/Microsoft.Management/managementGroups/all", subscription, false],
  ["", "", false],
  ["", account, false],
  ["/", "", false],
  [subscription.slice(1), account, false],
])("%j holds %j: %s", (outer, inner, expected) => {
  expect(scopeContains(outer, inner)).toBe(expected);
});

const id = fc
  .array(fc.constantFrom("a", "A", "b", "ab"), { maxLength: 4 })
  .chain((parts) => fc.constantFrom(`/${parts.join("/")}`, `/${parts.join("/")}/`));

test("scope containment agrees with comparing ids segment by segment", () => {
  const segments = (text: string) => text.split("/").filter((part) => part !== "");
  fc.assert(
    fc.property(id, id, (outer, inner) => {
      const below = segments(inner);
      const expected = segments(outer).every(
        (part, index) => below[index]?.localeCompare(part, "en", { sensitivity: "accent" }) === 0,
      );
      expect(scopeContains(outer, inner)).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});
