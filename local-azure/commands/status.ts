import { existsSync } from "node:fs";
import { findRunningCloud, type RunningCloud } from "../control/running-cloud.ts";
import { readState } from "../control/state-change.ts";
import { openStateFolder, type StateFolder } from "../control/state-folder.ts";
import { systemClock } from "../core/clock.ts";
import { openMovableClock } from "../core/movable-clock.ts";
import { describeOffset } from "./clock.ts";

/** Tells whether the local cloud runs and where; the exit code is 3 when it does not. */
export async function status(options: { readonly json: boolean }): Promise<void> {
  const folder = openStateFolder();
  const cloud = await findRunningCloud(folder);
  if (cloud !== undefined) {
    console.log(describeCloud(folder, cloud, options.json));
    return;
  }
  process.exitCode = 3;
  if (options.json) console.log(JSON.stringify({ running: false }));
  else if (existsSync(folder.processFile)) {
    console.log("Not running: it was killed. `local-azure start` goes on from the state it kept.");
  } else console.log("Not running.");
}

/** The running cloud for people, or as JSON; never its control token. */
export function describeCloud(folder: StateFolder, cloud: RunningCloud, json: boolean): string {
  const { pid, origin, tenantId, subscriptionId, startedAt } = cloud;
  const clockOffsetSeconds = readState(
    folder,
    (store) => openMovableClock(store, systemClock).offsetMs / 1000,
  );
  if (json) {
    return JSON.stringify({
      running: true,
      pid,
      origin,
      tenantId,
      subscriptionId,
      startedAt,
      clockOffsetSeconds,
    });
  }
  return [
    `Resource manager, token service, Graph: ${origin}`,
    `Tenant:       ${tenantId}`,
    `Subscription: ${subscriptionId}`,
    `Process:      ${pid}, since ${startedAt}`,
    ...(clockOffsetSeconds === 0 ? [] : [`Clock:        ${describeOffset(clockOffsetSeconds)}`]),
  ].join("\n");
}
