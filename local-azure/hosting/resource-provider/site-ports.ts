import type { Platform } from "../../core/platform.ts";

/** Under which names the ports of a site are kept. The worker's two take turns, so that a new process can start beside the old one. */
export function portOwners(siteId: string) {
  return {
    app: `${siteId}/app`,
    scm: `${siteId}/scm`,
    workers: [`${siteId}/worker-a`, `${siteId}/worker-b`],
  } as const;
}

/** Gives back every port of a site that is gone. */
export function releasePorts({ ports }: Platform, siteId: string): void {
  const { app, scm, workers } = portOwners(siteId);
  for (const owner of [app, scm, ...workers]) ports.release(owner);
}
