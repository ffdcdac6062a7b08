import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "../deployments.ts";
import type { Site } from "../site.ts";
import type { SiteFolder } from "../site-folder.ts";
import { findStartCommand } from "./start-command.ts";

/** What is to run for a site. */
export interface StartPlan {
  readonly kind: "run";
  readonly site: Site;
  readonly deploymentId: string;
  /** The folder with the published files. */
  readonly content: string;
  readonly command: string;
  /** How long the process may take to answer, in milliseconds. */
  readonly startLimitMs: number;
  /** Two plans with the same fingerprint need the same process. */
  readonly fingerprint: string;
}

export interface NoStart {
  readonly kind: "none";
  /** For the site's log; undefined when there is nothing to say. */
  readonly reason: string | undefined;
}

/** App Service gives a container 230 seconds; the setting WEBSITES_CONTAINER_START_TIME_LIMIT up to 1800. */
const defaultStartLimit = 230;
const maximumStartLimit = 1_800;

/** What a site's process is to be, from the site and its active deployment. */
export function planStart(
  site: Site,
  folder: SiteFolder,
  deployment: Deployment | undefined,
): StartPlan | NoStart {
  if (!site.running) return { kind: "none", reason: "The site is stopped." };
  if (deployment === undefined) return { kind: "none", reason: undefined };
  const content = join(folder.releases, deployment.id);
  if (!existsSync(content)) {
    return { kind: "none", reason: `The files of deployment ${deployment.id} are gone: publish again.` };
  }
  const start = findStartCommand(content, site.config);
  if (start.kind === "refused") return { kind: "none", reason: start.reason };
  const { appSettings, connectionStrings, restarts } = site.internal;
  const { healthCheckPath } = site.config;
  const seen = {
    deployment: deployment.id,
    command: start.command,
    appSettings,
    connectionStrings,
    restarts,
    healthCheckPath,
    principalId: site.identity?.principalId,
  };
  return {
    kind: "run",
    site,
    deploymentId: deployment.id,
    content,
    command: start.command,
    startLimitMs: startLimit(appSettings.WEBSITES_CONTAINER_START_TIME_LIMIT) * 1_000,
    fingerprint: createHash("sha256").update(JSON.stringify(seen)).digest("hex"),
  };
}

function startLimit(setting: string | undefined): number {
  const seconds = Number(setting ?? defaultStartLimit);
  return Number.isInteger(seconds) && seconds > 0 ? Math.min(seconds, maximumStartLimit) : defaultStartLimit;
}
