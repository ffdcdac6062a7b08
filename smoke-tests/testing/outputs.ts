import type { GrantOutput, StackOutputs } from "../../infra/outputs/schema.ts";
import { builtInRoles } from "../../rbac/cosmos/built-in-roles.ts";

const subscriptionId = "33333333-3333-4333-8333-333333333333";
const accountId = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/shop`;

export const workloadPrincipal = "11111111-1111-4111-8111-111111111111";
export const runnerPrincipal = "22222222-2222-4222-8222-222222222222";

/** A grant on `orders/orders` as the program puts it out, with what a test changes. */
function grant(
  id: string,
  principal: string,
  principalId: string,
  role: "reader" | "contributor",
): GrantOutput {
  return {
    id,
    principal,
    principalId,
    role,
    roleDefinitionId: `${accountId}/sqlRoleDefinitions/${builtInRoles[role].id}`,
    dataActions: [...builtInRoles[role].dataActions],
    scope: "orders/orders",
    resourceScope: `${accountId}/dbs/orders/colls/orders`,
    justification: "Writes orders placed in the shop",
    owner: "team-orders",
    reviewBy: "2027-02-20",
  };
}

export const workloadGrant = grant(
  "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
  "orders-api",
  workloadPrincipal,
  "contributor",
);
export const runnerGrant = grant(
  "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb",
  "deployer",
  runnerPrincipal,
  "reader",
);

export const orders = { database: "orders", name: "orders", partitionKey: ["/tenantId", "/orderId"] };
export const audit = { database: "orders", name: "audit", partitionKey: ["/tenantId"] };

/** The outputs of a small stack: a contributor and a reader on one of two containers. */
export const outputs: StackOutputs = {
  environment: "dev",
  subscriptionId,
  tenantId: "44444444-4444-4444-8444-444444444444",
  resourceGroup: "rg",
  account: { name: "shop", id: accountId, endpoint: "https://localhost:1/" },
  containers: [orders, audit],
  workloads: {},
  grants: [workloadGrant, runnerGrant],
  applications: {},
  identities: {},
  groups: {},
};
