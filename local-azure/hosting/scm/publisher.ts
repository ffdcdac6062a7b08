import { cp, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Platform } from "../../core/platform.ts";
import { type Deployment, type Deployments, deploymentStatus } from "../deployments.ts";
import type { Site } from "../site.ts";
import { prepareSiteFolder, siteFolder } from "../site-folder.ts";
import { refusal } from "./answers.ts";
import { ArchiveError } from "./archive/errors.ts";
import { extractArchive } from "./archive/extract.ts";
import type { PublishRequest } from "./publish-request.ts";

/** Releases besides the active one that stay on disk: the process of an older one may still answer. */
const keptReleases = 2;

export interface PublisherServices {
  readonly platform: Platform;
  readonly deployments: Deployments;
  /** Tells the runtime that the active deployment of a site is another one. */
  readonly activated: (siteId: string) => void;
}

/** A deployment that has begun; `finished` resolves with its end, and never rejects. */
export interface Begun {
  readonly id: string;
  readonly finished: Promise<Deployment>;
}

/**
 * Turns packages into the content of a site. A package is unpacked into a folder of its own; the site changes over to it in one
 * step, when all of it is there.
 */
export interface Publisher {
  /**
   * @param archive the received zip; it is removed in the end.
   * @throws ScmError 409 when another deployment of the site has not ended.
   */
  begin(site: Site, archive: string, request: PublishRequest): Begun;
  /** Resolves when no deployment runs. */
  idle(): Promise<void>;
}

export function createPublisher({ platform, deployments, activated }: PublisherServices): Publisher {
  const running = new Set<Promise<unknown>>();

  const deploy = async (site: Site, id: string, archive: string, request: PublishRequest) => {
    const folder = siteFolder(platform.directory, site.key);
    const staged = join(folder.staging, id);
    const note = (message: string) => {
      const log = deployments.find(site.key, id)?.log ?? [];
      const entry = { id: platform.ids.uuid(), time: platform.clock.now().toISOString(), message };
      deployments.update(site.key, id, { log: [...log, entry] });
    };
    const ended = () => platform.clock.now().toISOString();
    try {
      await rm(staged, { recursive: true, force: true });
      await mkdir(staged, { mode: 0o700 });
      deployments.update(site.key, id, { status: deploymentStatus.deploying });
      const former = deployments.active(site.key);
      if (!request.clean && former !== undefined) {
        await copyContent(join(folder.releases, former.id), staged);
        note(`Kept the files of deployment ${former.id}.`);
      }
      const count = await extractArchive(archive, staged, { overwrite: !request.clean });
      note(`Unpacked ${count} files.`);
      await rename(staged, join(folder.releases, id));
      note("Deployment successful.");
      deployments.activate(site.key, id, { status: deploymentStatus.success, endTime: ended() });
      if (request.restart) activated(site.id);
      await removeOldReleases(folder.releases, deployments, site.key);
    } catch (error) {
      if (!(error instanceof ArchiveError)) console.error(`deployment ${id} of ${site.name}:`, error);
      const statusText =
        error instanceof ArchiveError ? error.message : "The local cloud failed: see its own log.";
      note(`Deployment failed: ${statusText}`);
      deployments.update(site.key, id, { status: deploymentStatus.failed, statusText, endTime: ended() });
    } finally {
      await rm(archive, { force: true });
      await rm(staged, { recursive: true, force: true });
    }
  };

  return {
    begin(site, archive, request) {
      const now = platform.clock.now().toISOString();
      const deployment: Deployment = {
        id: platform.ids.uuid(),
        siteKey: site.key,
        status: deploymentStatus.pending,
        statusText: "",
        deployer: request.deployer,
        author: request.author,
        message: request.message,
        receivedTime: now,
        startTime: now,
        active: false,
        log: [{ id: platform.ids.uuid(), time: now, message: "Received the package." }],
      };
      if (!deployments.begin(deployment)) throw deploymentInProgress();
      prepareSiteFolder(siteFolder(platform.directory, site.key));
      const { id } = deployment;
      const work = deploy(site, id, archive, request);
      running.add(work);
      const finished = work.then(() => {
        running.delete(work);
        return deployments.find(site.key, id) ?? deployment;
      });
      return { id, finished };
    },
    async idle() {
      await Promise.all(running);
    },
  };
}

export function deploymentInProgress() {
  return refusal(
    409,
    "DeploymentInProgress",
    "There is a deployment currently in progress. Please try again when it completes.",
  );
}

/** Links are left out: what the site's process linked may lie anywhere. */
async function copyContent(from: string, to: string): Promise<void> {
  const filter = async (source: string) => !(await lstat(source)).isSymbolicLink();
  await cp(from, to, { recursive: true, filter });
}

async function removeOldReleases(releases: string, deployments: Deployments, siteKey: string): Promise<void> {
  const succeeded = deployments
    .list(siteKey)
    .filter(({ status, active }) => status === deploymentStatus.success && !active);
  const kept = new Set([
    deployments.active(siteKey)?.id,
    ...succeeded.slice(0, keptReleases).map(({ id }) => id),
  ]);
  for (const name of await readdir(releases)) {
    if (!kept.has(name)) await rm(join(releases, name), { recursive: true, force: true });
  }
}
