import { expect, test } from "@jest/globals";
import type { StackOutputs } from "../infra/outputs/schema.ts";
import { declaredAccess } from "./declared.ts";
import { declaredIdentities } from "./declared-identities.ts";
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
const id = "33333333-3333-4333-8333-333333333333";
const federatedCredentials = [
  { name: "other", issuer: "https://login.shop.org", subject: "a|b", audience: "api://x" },
];
const identities = declaredIdentities({
  workloads: {
    "orders-api": {
      siteName: "app-orders-api",
      principalId: id,
      callers: [
        { name: "pipeline", objectId: id, kind: "principal" },
        { name: "developers", objectId: id, kind: "group" },
      ],
      secret: { clientId: id, endsOn: "2027-02-10", migrationEnds: "2027-01-31" },
    },
  },
  applications: { pipeline: { principalId: id, federatedCredentials } },
  identities: { agent: { principalId: id, federatedCredentials: [] } },
  groups: { developers: { objectId: id, members: [{ name: "ana@shop.org", objectId: id }] } },
} as unknown as StackOutputs);
const audit = { grants: access, identities, findings: [] };

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

test("identities say how they prove themselves, and whom they may call", () => {
  expect(identities.map(({ name, kind, proof, mayCall }) => [name, kind, proof, mayCall])).toEqual([
    [
      "orders-api",
      "workload",
      [
        "managed identity of app-orders-api",
        `client secret of ${id} until 2027-02-10; its migration ends on 2027-01-31`,
      ],
      [],
    ],
    ["pipeline", "application", ["token of https://login.shop.org for a|b"], ["orders-api"]],
    ["agent", "identity", [], []],
    ["developers", "group", ["member ana@shop.org"], ["orders-api"]],
  ]);
});

test("free text cannot break a Markdown table", () => {
  const lines = render(audit, "markdown").split("\n");
  expect(lines.slice(0, 2)).toEqual(["## Who may reach what", ""]);
  expect(lines[4]).toBe(
    "| deployer | contributor | readMetadata, sqlDatabases/containers/items/* | orders/orders | Writes orders \\| placed in the shop | team-orders | 2026-01-01 (overdue) |",
  );
  expect(lines.find((line) => line.includes("pipeline"))).toBe(
    `| pipeline | application | ${id} | token of https://login.shop.org for a\\|b | orders-api |`,
  );
});

test("JSON holds every grant and identity", () => {
  expect(JSON.parse(render(audit, "json"))).toEqual(audit);
});
