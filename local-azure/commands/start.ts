import { ensureRunning } from "../control/lifecycle.ts";
import { openStateFolder } from "../control/state-folder.ts";
import { describeCloud } from "./status.ts";

/** Starts the local cloud, or tells where the running one listens. */
export async function start(options: { readonly json: boolean }): Promise<void> {
  const { cloud, startedHere } = await ensureRunning(openStateFolder());
  console.log(options.json ? describeCloud(cloud, true) : `${startedHere ? "Started" : "Already running"}.`);
  if (!options.json) console.log(describeCloud(cloud, false));
}
