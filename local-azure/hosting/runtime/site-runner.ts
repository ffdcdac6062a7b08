import type { Platform } from "../../core/platform.ts";
import type { AppServiceIdentity, IdentityAccess } from "../../managed-identity/app-service.ts";
import type { Deployments } from "../deployments.ts";
import { portOwners } from "../resource-provider/site-ports.ts";
import type { Site } from "../site.ts";
import { prepareSiteFolder, type SiteFolder, siteFolder } from "../site-folder.ts";
import { siteEnvironment } from "./environment.ts";
import { createHealthCheck } from "./health-check.ts";
import { writePrograms } from "./programs.ts";
import { awaitReady } from "./readiness.ts";
import { openSiteLog } from "./site-log.ts";
import { planStart, type StartPlan } from "./start-plan.ts";
import type { Timers } from "./timers.ts";
import { startWorker, type Worker } from "./worker.ts";
import { claimFreePort } from "./worker-port.ts";

export interface RunnerServices {
  readonly platform: Platform;
  readonly deployments: Deployments;
  readonly identity: Pick<AppServiceIdentity, "register" | "unregister">;
  readonly timers: Timers;
}

/** Keeps the process of one site as the site wants it. */
export interface SiteRunner {
  /** The site as it is now; a change that its process would see starts a new process. */
  apply(site: Site): void;
  /** The process that answers now; it is not ended while a lease on it is held, but for a few seconds at most. */
  lease(): Lease | undefined;
  /** Ends the process and all that it started. */
  stop(): Promise<void>;
}

/** The use of a process by one request. */
export interface Lease {
  /** On 127.0.0.1. */
  readonly port: number;
  release(): void;
}

interface Running {
  readonly plan: StartPlan;
  readonly port: number;
  readonly worker: Worker;
  readonly sinceMs: number;
  leases: number;
  /** Called when the last lease is given back. */
  onIdle: () => void;
}

/** A process that lived this long before it ended was no failed start. */
const settledMs = 60_000;
/** How long the requests of a replaced process may take to end. */
const drainMs = 10_000;
const retryPausesMs = [100, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

/**
 * A new process starts beside the old one, which answers until the new one does. A process that ends is started again, at once
 * the first time and then after longer and longer pauses.
 */
export function createSiteRunner(first: Site, services: RunnerServices): SiteRunner {
  const { platform, deployments, identity, timers } = services;
  const folder: SiteFolder = siteFolder(platform.directory, first.key);
  prepareSiteFolder(folder);
  writePrograms(folder.programs);
  const log = openSiteLog({ file: folder.logFile, clock: platform.clock });
  let wanted: StartPlan | undefined;
  let running: Running | undefined;
  let starting: Running["worker"] | undefined;
  let access: { readonly principalId: string; readonly access: IdentityAccess } | undefined;
  let changed = new AbortController();
  const ending = new AbortController();
  const retiring = new Set<Promise<void>>();
  let loop: Promise<void> | undefined;
  let stopped = false;
  let failures = 0;
  let turn = 0;
  const healthCheck = createHealthCheck({ timers, log, restart: () => void running?.worker.stop() });

  const identityAccess = (site: Site): IdentityAccess | undefined => {
    const principalId = site.identity?.principalId;
    if (access !== undefined && access.principalId === principalId) return access.access;
    identity.unregister(site.id);
    access = undefined;
    if (principalId === undefined) return undefined;
    const granted = identity.register({ siteId: site.id, principalId, clientId: site.internal.clientId });
    access = { principalId, access: granted };
    return granted;
  };

  const start = async (plan: StartPlan): Promise<Running> => {
    const { site, content, command } = plan;
    const owner = portOwners(site.id).workers[turn++ % 2] ?? site.id;
    const port = await claimFreePort(platform.ports, owner);
    const environment = siteEnvironment({
      site,
      folder,
      content,
      port,
      identity: identityAccess(site),
      caFile: platform.certificates.caFile,
    });
    log.platform(`Starting: ${command}`);
    const worker = startWorker({ command, cwd: content, environment, log });
    return { plan, port, worker, sinceMs: performance.now(), leases: 0, onIdle: () => {} };
  };

  const watch = (process: Running) => {
    void process.worker.ended.then((reason) => {
      if (running !== process || stopped) return;
      running = undefined;
      if (performance.now() - process.sinceMs > settledMs) failures = 0;
      log.platform(`The process ended: ${reason}.`);
      converge();
    });
  };

  const retire = (process: Running) => {
    const idle = new AbortController();
    process.onIdle = () => idle.abort();
    const drained =
      process.leases === 0
        ? Promise.resolve()
        : timers.pause(drainMs, AbortSignal.any([idle.signal, ending.signal]));
    const end = drained.then(() => process.worker.stop()).finally(() => retiring.delete(end));
    retiring.add(end);
  };

  /** One attempt to have `plan` run. */
  const attempt = async (plan: StartPlan, signal: AbortSignal): Promise<boolean> => {
    deployments.update(plan.site.key, plan.deploymentId, { runtime: "starting" });
    const candidate = await start(plan);
    starting = candidate.worker;
    const over = new AbortController();
    const ended = candidate.worker.ended.then((reason) => {
      over.abort();
      return reason;
    });
    const ready = await awaitReady(candidate.port, plan.startLimitMs, AbortSignal.any([signal, over.signal]));
    starting = undefined;
    if (!ready || signal.aborted) {
      const died = over.signal.aborted;
      await candidate.worker.stop();
      if (died) log.platform(`The process ended before it answered: ${await ended}.`);
      else if (!signal.aborted) {
        log.platform(
          `The process did not answer on port ${candidate.port} (PORT) within ${plan.startLimitMs / 1000} seconds.`,
        );
      }
      return false;
    }
    const former = running;
    running = candidate;
    log.platform(`The process answers on port ${candidate.port}.`);
    deployments.update(plan.site.key, plan.deploymentId, { runtime: "up" });
    watch(candidate);
    healthCheck.watch(candidate.port, plan.site.config.healthCheckPath);
    if (former !== undefined) retire(former);
    return true;
  };

  const run = async () => {
    while (!stopped) {
      const plan = wanted;
      const { signal } = changed;
      if (plan === undefined || running?.plan.fingerprint === plan.fingerprint) return;
      if (failures > 0) {
        const pause = retryPausesMs[Math.min(failures, retryPausesMs.length) - 1] ?? 0;
        await timers.pause(pause, signal);
        if (signal.aborted) continue;
      }
      failures += 1;
      if (await attempt(plan, signal)) continue;
      if (!signal.aborted) deployments.update(plan.site.key, plan.deploymentId, { runtime: "failed" });
    }
  };
  const converge = () => {
    loop ??= run()
      .catch((error: unknown) => log.platform(`The process could not be started: ${String(error)}`))
      .finally(() => {
        loop = undefined;
        if (!stopped && wanted !== undefined && running?.plan.fingerprint !== wanted.fingerprint) {
          timers.soon(converge);
        }
      });
  };
  const halt = async () => {
    healthCheck.watch(undefined, undefined);
    const workers = [running?.worker, starting];
    running = undefined;
    await Promise.all(workers.map((worker) => worker?.stop()));
  };

  return {
    lease() {
      const process = running;
      if (process === undefined) return undefined;
      process.leases += 1;
      return {
        port: process.port,
        release() {
          process.leases -= 1;
          if (process.leases === 0) process.onIdle();
        },
      };
    },
    apply(site) {
      const plan = planStart(site, folder, deployments.active(site.key));
      if (plan.kind === "run" && plan.fingerprint === wanted?.fingerprint) return;
      failures = 0;
      changed.abort();
      changed = new AbortController();
      wanted = plan.kind === "run" ? plan : undefined;
      if (site.identity?.principalId !== access?.principalId) identityAccess(site);
      if (plan.kind === "run") return converge();
      if (plan.reason !== undefined) log.platform(plan.reason);
      void halt();
    },
    async stop() {
      stopped = true;
      wanted = undefined;
      changed.abort();
      ending.abort();
      await halt();
      await loop;
      await halt();
      await Promise.all(retiring);
      identity.unregister(first.id);
      log.close();
    },
  };
}
