import type { ResourceStore } from "../../arm/resource-store.ts";
import type { Clock } from "../../core/clock.ts";
import type { IdSource } from "../../core/ids.ts";
import type { QueryCache } from "../query/cache.ts";
import type { QuerySnapshots } from "./query-snapshots.ts";

/** What operations need beside the request. */
export interface DataPlaneServices {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly resources: ResourceStore;
  readonly queries: QueryCache;
  readonly snapshots: QuerySnapshots;
}
