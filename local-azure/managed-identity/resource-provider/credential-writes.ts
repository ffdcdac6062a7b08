import { setTimeout as delay } from "node:timers/promises";
import { ArmError } from "../../arm/resource-provider.ts";
import { resourceKey } from "../../arm/resource-store.ts";

/**
 * The writes of federated credentials that are under way: one an identity, a second is refused
 * (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#concurrent-updates-arent-supported-user-assigned-managed-identities).
 */
export interface CredentialWrites {
  /** @throws ArmError 409 ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity, at once. */
  run<T>(identityId: string, work: () => T): Promise<T>;
}

/** How long a write is under way. Azure takes about as long; an instant would hide that a program writes in parallel. */
const writeMilliseconds = 100;

/** @param pass resolves when a write's time is over. */
export function createCredentialWrites(
  pass: () => Promise<unknown> = () => delay(writeMilliseconds),
): CredentialWrites {
  const underWay = new Set<string>();
  return {
    async run(identityId, work) {
      const key = resourceKey(identityId);
      if (underWay.has(key)) throw concurrentWrite(identityId);
      underWay.add(key);
      try {
        await pass();
        return work();
      } finally {
        underWay.delete(key);
      }
    },
  };
}

function concurrentWrite(identityId: string): ArmError {
  return new ArmError(
    409,
    "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
    `Too many Federated Identity Credentials are written concurrently for the managed identity '${identityId}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
  );
}
