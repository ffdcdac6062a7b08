import { existsSync } from "node:fs";
import { findRunningCloud, type RunningCloud } from "../control/running-cloud.ts";
import { openStateFolder } from "../control/state-folder.ts";

/** Tells whether the local cloud runs and where; the exit code is 3 when it does not. */
export async function status(options: { readonly json: boolean }): Promise<void> {
  const folder = openStateFolder();
  const cloud = await findRunningCloud(folder);
  if (cloud !== undefined) {
    console.log(describeCloud(cloud, options.json));
    return;
  }
  process.exitCode = 3;
  if (options.json) console.log(JSON.stringify({ running: false }));
  else if (existsSync(folder.processFile)) {
    console.log("Not running: it was killed. `local-azure start` goes on from the state it kept.");
  } else console.log("Not running.");
}

/** The running cloud for people, or as JSON; never its control token. */
export function describeCloud(cloud: RunningCloud, json: boolean): string {
  const { pid, origin, tenantId, subscriptionId, startedAt } = cloud;
  if (json) return JSON.stringify({ running: true, pid, origin, tenantId, subscriptionId, startedAt });
  return [
    `Resource manager, token service, Graph: ${origin}`,
    `Tenant:       ${tenantId}`,
    `Subscription: ${subscriptionId}`,
    `Process:      ${pid}, since ${startedAt}`,
  ].join("\n");
}
