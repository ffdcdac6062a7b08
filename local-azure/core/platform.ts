import type { Certificates } from "./certificates.ts";
import type { Clock } from "./clock.ts";
import type { Faults } from "./faults.ts";
import type { IdSource } from "./ids.ts";
import type { Ports } from "./ports.ts";
import type { RequestLog } from "./request-log.ts";
import type { Store } from "./store.ts";

/** What every surface is given: state, time, randomness, ports and trust. */
export interface Platform {
  /** The state folder of this cloud, open to its owner only. */
  readonly directory: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly certificates: Certificates;
  readonly ports: Ports;
  readonly requestLog: RequestLog;
  /** How the cloud was asked to misbehave. */
  readonly faults: Faults;
  /** `https://localhost:<main port>`: resource manager, token service and Graph. No trailing slash. */
  readonly origin: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
}
