import { expect, test } from "@jest/globals";
import type { StackOutputs } from "../infra/outputs/schema.ts";
import { declaredAccess } from "./declared.ts";
import { render } from "./render.ts";

const account = "/subscriptions/s/resourceGroups/g/providers/Microsoft.DocumentDB/databaseAccounts/a";
const grant = {
  id: "11111111-1111-4111-8111-111111111111",
  principal: "orders-api",
  principalId: "22222222-2222-4222-8222-222222222222",
  role: "contributor",
  roleDefinitionId: `${account}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`,
  dataActions: [
    "Microsoft.DocumentDB/databaseAccounts/readMetadata",
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*",
  ],
  scope: "orders/orders",
  resourceScope: `${account}/dbs/orders/colls/orders`,
  justification: "Writes orders | placed\nin the shop",
  owner: "team-orders",
  reviewBy: "2027-02-20",
};
const outputs = {
  grants: [grant, { ...grant, principal: "deployer", reviewBy: "2026-01-01" }],
} as unknown as StackOutputs;
const access = declaredAccess(outputs, "2026-11-21");

test("grants are sorted, actions are short, and a review that is due is told", () => {
  expect(
    access.map(({ principal, reviewOverdue, dataActions }) => ({ principal, reviewOverdue, dataActions })),
  ).toEqual([
    {
      principal: "deployer",
      reviewOverdue: true,
      dataActions: ["readMetadata", "sqlDatabases/containers/items/*"],
    },
    {
      principal: "orders-api",
      reviewOverdue: false,
      dataActions: ["readMetadata", "sqlDatabases/containers/items/*"],
    },
  ]);
});

test("free text cannot break a Markdown table", () => {
  const lines = render(access, "markdown").split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[2]).toBe(
    "| deployer | contributor | readMetadata, sqlDatabases/containers/items/* | orders/orders | Writes orders \\| placed in the shop | team-orders | 2026-01-01 (overdue) |",
  );
});

test("JSON holds every grant", () => {
  expect(JSON.parse(render(access, "json"))).toEqual(access);
});
