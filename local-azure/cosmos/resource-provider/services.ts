import type { ResourceManagerServices } from "../../arm/resource-provider.ts";
import type { ResourceStore } from "../../arm/resource-store.ts";
import type { Platform } from "../../core/platform.ts";
import type { Directory } from "../../entra/directory.ts";
import type { AccountLocks } from "./account-locks.ts";

/** What the handlers of Microsoft.DocumentDB work with. */
export interface CosmosServices {
  readonly platform: Platform;
  readonly resources: ResourceStore;
  readonly directory: Directory;
  readonly locks: AccountLocks;
  readonly beginOperation: ResourceManagerServices["beginOperation"];
}
