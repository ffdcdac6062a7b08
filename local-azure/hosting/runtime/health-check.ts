import { probe } from "./readiness.ts";
import type { SiteLog } from "./site-log.ts";
import type { Timers } from "./timers.ts";

export interface HealthCheckOptions {
  readonly timers: Timers;
  readonly log: SiteLog;
  /** Ends the process, so that a new one starts. */
  readonly restart: () => void;
}

export interface HealthCheck {
  /** Asks the process on `port` from now on; nothing is asked without a port or a path. */
  watch(port: number | undefined, path: string | undefined): void;
}

const intervalMs = 60_000;
const failuresToReplace = 10;
const replaceEveryMs = 3_600_000;

/**
 * App Service's health check: one request a minute, 200 to 299 is healthy, redirects are not followed. After ten failures in a
 * row the process is replaced, at most once an hour (https://learn.microsoft.com/azure/app-service/monitor-instances-health-check).
 */
export function createHealthCheck({ timers, log, restart }: HealthCheckOptions): HealthCheck {
  let cancel: (() => void) | undefined;
  let failures = 0;
  let replacedMs = Number.NEGATIVE_INFINITY;
  const check = async (port: number, path: string) => {
    const headers = { "User-Agent": "HealthCheck/1.0", "X-Forwarded-Proto": "https" };
    const status = await probe(port, path, intervalMs, headers);
    if (status !== undefined && status >= 200 && status < 300) {
      if (failures > 0) log.platform(`Health check of ${path}: healthy again.`);
      failures = 0;
      return;
    }
    failures += 1;
    if (failures === 1) log.platform(`Health check of ${path}: ${status ?? "no answer"}.`);
    const now = performance.now();
    if (failures < failuresToReplace || now - replacedMs < replaceEveryMs) return;
    log.platform(`Health check of ${path} failed ${failures} times: the process is replaced.`);
    replacedMs = now;
    failures = 0;
    restart();
  };
  return {
    watch(port, path) {
      cancel?.();
      cancel = undefined;
      failures = 0;
      if (port === undefined || path === undefined) return;
      cancel = timers.every(intervalMs, () => void check(port, path));
    },
  };
}
