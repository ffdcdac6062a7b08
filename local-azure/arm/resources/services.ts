import type { Platform } from "../../core/platform.ts";
import type { ControlPlaneAuthorizer } from "../authorization/authorizer.ts";
import type { Operations } from "../operations.ts";
import type { ResourceProvider, ResourceTypeRow } from "../resource-provider.ts";
import type { ResourceStore } from "../resource-store.ts";

/** What the handlers of resource manager's own types work with. */
export interface ResourcesServices {
  readonly platform: Platform;
  readonly subscriptionId: string;
  readonly resources: ResourceStore;
  readonly operations: Operations;
  readonly authorizer: ControlPlaneAuthorizer;
  readonly providers: readonly ResourceProvider[];
  /** The row of a type, by its canonical name. */
  typeRow(type: string): ResourceTypeRow | undefined;
  /** Path parameters of a resource id, by the path of its type. */
  parametersOf(id: string): Readonly<Record<string, string>>;
}
