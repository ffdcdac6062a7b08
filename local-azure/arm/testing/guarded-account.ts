import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { startCosmosManager } from "../../cosmos/resource-provider/testing/cosmos-manager.ts";
import type { TestResourceManager } from "./resource-manager.ts";

/** GUIDs of built-in roles. */
export const roles = {
  owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  accountContributor: "5bd9cd88-fe45-4216-938b-f97437e15450",
  accountReader: "fbdf93bf-df7d-467e-a4d2-9458aa1360c8",
  operator: "230815da-be43-4aae-9cb4-875f7bd000aa",
} as const;

/** A Cosmos account in the group `rg`, beside the empty group `other`. */
export interface GuardedAccount {
  readonly rm: TestResourceManager;
  readonly authorization: AuthorizationManagementClient;
  /** ARM id of `rg`. */
  readonly group: string;
  /** ARM id of the account. */
  readonly account: string;
  guid(): string;
  /** A role definition's id without any scope. */
  definition(guid: string): string;
}

export async function startGuardedAccount(): Promise<GuardedAccount> {
  const { rm, createAccount } = await startCosmosManager();
  const { subscriptionId, ids } = rm.platform;
  return {
    rm,
    authorization: new AuthorizationManagementClient(rm.credential(), subscriptionId, rm.clientOptions),
    group: `${rm.subscription}/resourceGroups/rg`,
    account: await createAccount("guarded"),
    guid: () => ids.uuid(),
    definition: (guid) => `/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
  };
}
