import type { Platform } from "../../core/platform.ts";
import type { Directory } from "../../entra/directory.ts";
import type { ResourceStore } from "../resource-store.ts";
import type { ControlPlaneAuthorizer } from "./authorizer.ts";

/** What the handlers of Microsoft.Authorization work with. */
export interface AuthorizationServices {
  readonly platform: Platform;
  readonly resources: ResourceStore;
  readonly directory: Directory;
  readonly authorizer: ControlPlaneAuthorizer;
}
