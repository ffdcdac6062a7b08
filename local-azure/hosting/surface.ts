import { rmSync } from "node:fs";
import type { ResourceStore } from "../arm/resource-store.ts";
import type { ControlPlaneAuthorizer } from "../arm/surface.ts";
import { type HttpsListener, listenHttps } from "../core/https-listener.ts";
import { runPipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { TokenVerifier } from "../entra/tokens/verify.ts";
import type { AppServiceIdentity } from "../managed-identity/app-service.ts";
import { openDeployments } from "./deployments.ts";
import { type FrontContext, frontPipeline } from "./front/pipeline.ts";
import { createSiteRunner, type SiteRunner } from "./runtime/site-runner.ts";
import { systemTimers, type Timers } from "./runtime/timers.ts";
import { createScmEndpoint } from "./scm/endpoint.ts";
import { createPublisher } from "./scm/publisher.ts";
import { readSite, type Site, siteType } from "./site.ts";
import { siteFolder } from "./site-folder.ts";

export { routes as frontRoutes } from "./front/pipeline.ts";
export { routes as scmRoutes } from "./scm/routes.ts";

export interface HostingDependencies {
  readonly resources: ResourceStore;
  readonly verifier: TokenVerifier;
  readonly authorizer: Pick<ControlPlaneAuthorizer, "authorize">;
  readonly identity: Pick<AppServiceIdentity, "register" | "unregister">;
  readonly timers?: Timers;
}

/** The sites themselves: their front ends, their SCM endpoints and their processes. */
export interface Hosting {
  /**
   * Opens the listeners of every site and starts what was published to them.
   *
   * @throws UserError LA-PORT-IN-USE when another program has a site's port.
   */
  start(): Promise<void>;
  /** Closes the listeners and ends every process; resolves when all have ended. */
  stop(): Promise<void>;
}

interface HostedSite {
  site: Site;
  readonly runner: SiteRunner;
  readonly listeners: readonly HttpsListener[];
}

/** Follows the sites of resource manager: each has two listeners, and a process once something is published. */
export function createHosting(platform: Platform, dependencies: HostingDependencies): Hosting {
  const { resources, identity, timers = systemTimers } = dependencies;
  const deployments = openDeployments(platform.store);
  const hosted = new Map<string, HostedSite>();
  const front = frontPipeline(platform);
  const publisher = createPublisher({
    platform,
    deployments,
    activated(siteId) {
      const entry = hosted.get(siteId.toLowerCase());
      entry?.runner.apply(entry.site);
    },
  });
  const scm = createScmEndpoint({ ...dependencies, platform, deployments, publisher });
  let running = false;

  const open = async (site: Site): Promise<void> => {
    const key = site.id.toLowerCase();
    const { certificates } = platform;
    const current = () => hosted.get(key);
    const app = await listenHttps({
      certificates,
      port: site.internal.appPort,
      handler(request, response) {
        const entry = current();
        if (entry === undefined) return void response.destroy();
        const context: FrontContext = {
          request,
          response,
          site: entry.site,
          lease: entry.runner.lease(),
          requestId: platform.ids.uuid(),
          startedMs: performance.now(),
        };
        void runPipeline(front, context);
      },
    });
    try {
      const publishing = await listenHttps({
        certificates,
        port: site.internal.scmPort,
        handler(request, response) {
          const entry = current();
          if (entry === undefined) return void response.destroy();
          void scm(entry.site, request, response);
        },
      });
      rmSync(siteFolder(platform.directory, site.key).staging, { recursive: true, force: true });
      const runner = createSiteRunner(site, { platform, deployments, identity, timers });
      hosted.set(key, { site, runner, listeners: [app, publishing] });
      runner.apply(site);
    } catch (error) {
      await app.close();
      throw error;
    }
  };

  const close = async (key: string): Promise<void> => {
    const entry = hosted.get(key);
    if (entry === undefined) return;
    hosted.delete(key);
    await Promise.all(entry.listeners.map((listener) => listener.close()));
    await entry.runner.stop();
  };

  resources.observe(async (change) => {
    const resource = change.kind === "put" ? change.after : change.before;
    if (!running || resource.type !== siteType) return;
    const key = resource.id.toLowerCase();
    const site = readSite(resource);
    if (change.kind === "delete") {
      await close(key);
      await publisher.idle();
      rmSync(siteFolder(platform.directory, site.key).root, { recursive: true, force: true });
      return;
    }
    const entry = hosted.get(key);
    if (entry === undefined) return open(site);
    entry.site = site;
    entry.runner.apply(site);
  });

  return {
    async start() {
      running = true;
      deployments.failInterrupted();
      for (const resource of resources.list(siteType)) await open(readSite(resource));
    },
    async stop() {
      running = false;
      await publisher.idle();
      await Promise.all([...hosted.keys()].map(close));
    },
  };
}
