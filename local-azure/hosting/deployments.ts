import type { Store } from "../core/store.ts";

/** Kudu's numbers for how a deployment stands. */
export const deploymentStatus = { pending: 0, building: 1, deploying: 2, failed: 3, success: 4 } as const;
export type DeploymentStatus = (typeof deploymentStatus)[keyof typeof deploymentStatus];

export interface DeploymentLogEntry {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly message: string;
}

/** One published package and what became of it. */
export interface Deployment {
  readonly id: string;
  /** Name of the site in lower case. */
  readonly siteKey: string;
  readonly status: DeploymentStatus;
  readonly statusText: string;
  /** `OneDeploy` or `ZipDeploy`, or what the publisher calls itself. */
  readonly deployer: string;
  readonly author: string;
  readonly message: string;
  /** Times are ISO 8601, UTC. */
  readonly receivedTime: string;
  readonly startTime: string;
  readonly endTime?: string;
  /** The site runs from its content. */
  readonly active: boolean;
  /** Whether a process that runs from its content has come up. */
  readonly runtime?: "starting" | "up" | "failed";
  readonly log: readonly DeploymentLogEntry[];
}

/** The deployments of all sites. A site's process runs from the active one, so this is also the truth about content. */
export interface Deployments {
  /** Adds a deployment; false when another one of the site has not ended. */
  begin(deployment: Deployment): boolean;
  update(siteKey: string, id: string, changes: Partial<Deployment>): void;
  /** Makes it the active one of its site, in one step with `changes`. */
  activate(siteKey: string, id: string, changes: Partial<Deployment>): void;
  find(siteKey: string, id: string): Deployment | undefined;
  latest(siteKey: string): Deployment | undefined;
  active(siteKey: string): Deployment | undefined;
  /** Newest first. */
  list(siteKey: string): readonly Deployment[];
  removeAll(siteKey: string): void;
  /** Fails what a stop of the local cloud cut off. */
  failInterrupted(): void;
}

/** Besides the active one. */
const keptDeployments = 20;

const schema = `
CREATE TABLE IF NOT EXISTS hosting_deployments (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  site_key TEXT NOT NULL,
  id TEXT NOT NULL,
  deployment TEXT NOT NULL,
  UNIQUE (site_key, id)
) STRICT;
`;

export function openDeployments(store: Store): Deployments {
  store.addSchema(schema);
  const { database } = store;
  const insert = database.prepare(
    "INSERT INTO hosting_deployments (site_key, id, deployment) VALUES (?, ?, ?)",
  );
  const replace = database.prepare(
    "UPDATE hosting_deployments SET deployment = ? WHERE site_key = ? AND id = ?",
  );
  const select = database.prepare("SELECT deployment FROM hosting_deployments WHERE site_key = ? AND id = ?");
  const selectSite = database.prepare(
    "SELECT deployment FROM hosting_deployments WHERE site_key = ? ORDER BY sequence DESC",
  );
  const selectAll = database.prepare("SELECT deployment FROM hosting_deployments");
  const remove = database.prepare("DELETE FROM hosting_deployments WHERE site_key = ? AND id = ?");
  const removeSite = database.prepare("DELETE FROM hosting_deployments WHERE site_key = ?");

  const find = (siteKey: string, id: string) => read(select.get(siteKey, id));
  const list = (siteKey: string) => selectSite.all(siteKey).flatMap((row) => read(row) ?? []);
  const write = (deployment: Deployment) =>
    replace.run(JSON.stringify(deployment), deployment.siteKey, deployment.id);
  const update = (siteKey: string, id: string, changes: Partial<Deployment>) => {
    const before = find(siteKey, id);
    if (before !== undefined) write({ ...before, ...changes });
  };
  return {
    find,
    list,
    update,
    latest: (siteKey) => list(siteKey)[0],
    active: (siteKey) => list(siteKey).find(({ active }) => active),
    begin(deployment) {
      const { siteKey, id } = deployment;
      return store.transaction(() => {
        const before = list(siteKey);
        if (before.some(({ endTime }) => endTime === undefined)) return false;
        for (const old of before.slice(keptDeployments)) {
          if (!old.active) remove.run(siteKey, old.id);
        }
        insert.run(siteKey, id, JSON.stringify(deployment));
        return true;
      });
    },
    activate(siteKey, id, changes) {
      store.transaction(() => {
        for (const other of list(siteKey)) {
          if (other.active) write({ ...other, active: false });
        }
        update(siteKey, id, { ...changes, active: true });
      });
    },
    removeAll: (siteKey) => removeSite.run(siteKey),
    failInterrupted() {
      for (const row of selectAll.all()) {
        const deployment = read(row);
        if (deployment === undefined || deployment.endTime !== undefined) continue;
        write({
          ...deployment,
          status: deploymentStatus.failed,
          statusText: "The local cloud was stopped during this deployment.",
          endTime: deployment.startTime,
        });
      }
    },
  };
}

function read(row: Record<string, unknown> | undefined): Deployment | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.deployment)) as Deployment);
}
