import type { ArmCall } from "../../arm/resource-provider.ts";
import { resourceKey } from "../../arm/resource-store.ts";
import { cosmosRefusal } from "./errors.ts";

/**
 * The exclusive lock of each account: writes of role definitions and assignments, of the account itself and of its keys
 * take it for as long as their long-running operation lasts, and a second one is refused, as Azure does
 * (https://github.com/hashicorp/terraform-provider-azurerm/issues/15842).
 */
export interface AccountLocks {
  /**
   * Runs `work` under the lock, which is taken before this returns.
   *
   * @throws ArmError 412 PreconditionFailed, at once, when another operation has it.
   */
  hold<T>(call: ArmCall, accountId: string, work: () => Promise<T>): () => Promise<T>;
}

export function createAccountLocks(): AccountLocks {
  const held = new Set<string>();
  return {
    hold(call, accountId, work) {
      const key = resourceKey(accountId);
      if (held.has(key)) {
        const name = accountId.slice(accountId.lastIndexOf("/") + 1);
        throw cosmosRefusal(
          call,
          412,
          "PreconditionFailed",
          `There is another user operation in progress which requires an exclusive lock on [${name}]. Please retry after sometime.`,
        );
      }
      held.add(key);
      return async () => {
        try {
          return await work();
        } finally {
          held.delete(key);
        }
      };
    },
  };
}
