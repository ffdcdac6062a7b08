import { expect, test } from "@jest/globals";
import type { StackOutputs, WorkloadOutput } from "../infra/outputs/schema.ts";
import { outputs, workloadGrant } from "../smoke-tests/testing/outputs.ts";
import { passedDates } from "./passed-dates.ts";

const secret = {
  vaultUri: "https://localhost:1/",
  name: "billing",
  clientId: "66666666-6666-4666-8666-666666666666",
  principalId: "77777777-7777-4777-8777-777777777777",
  endsOn: "2027-01-01",
  migrationEnds: "2026-11-24",
};
const workload = {
  host: "appService" as const,
  siteName: "billing",
  siteId: "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/billing",
  url: "https://localhost:2",
  scmUrl: "https://localhost:3",
  principalId: "88888888-8888-4888-8888-888888888888",
  access: "clientSecret" as const,
  callers: [],
  secret,
} satisfies WorkloadOutput;
const due: StackOutputs = {
  ...outputs,
  workloads: { billing: workload },
  grants: [{ ...workloadGrant, reviewBy: "2026-01-01" }],
};

test("dates that lie behind are told, the longest passed first; the day itself is not behind", () => {
  const passed = passedDates(due, "2026-11-25");
  expect(
    passed.map(({ code, principal, principalId, date }) => [code, principal, principalId, date]),
  ).toEqual([
    ["KC-REVIEW-OVERDUE", "orders-api", workloadGrant.principalId, "2026-01-01"],
    ["KC-MIGRATION-ENDED", "billing", secret.principalId, "2026-11-24"],
  ]);
  expect(passedDates(outputs, "2027-02-20")).toEqual([]);
  expect(passedDates(outputs, "2027-02-21").map(({ principal }) => principal)).toEqual([
    "orders-api",
    "deployer",
  ]);
});
