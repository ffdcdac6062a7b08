import { ensureRunning } from "../control/lifecycle.ts";
import { openStateFolder } from "../control/state-folder.ts";
import { describeCloud } from "./status.ts";

/** Starts the local cloud, or tells where the running one listens. */
export async function start(options: { readonly json: boolean }): Promise<void> {
  const folder = openStateFolder();
  const { cloud, startedHere } = await ensureRunning(folder);
  if (!options.json) console.log(`${startedHere ? "Started" : "Already running"}.`);
  console.log(describeCloud(folder, cloud, options.json));
}
