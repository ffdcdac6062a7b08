import { stopRunning } from "../control/lifecycle.ts";
import { openStateFolder } from "../control/state-folder.ts";

/** Stops the local cloud; its state is kept. */
export async function stop(options: { readonly json: boolean }): Promise<void> {
  const stopped = await stopRunning(openStateFolder());
  if (options.json) {
    console.log(JSON.stringify({ stopped }));
    return;
  }
  console.log(
    stopped ? "Stopped. Its state is kept: `local-azure start` goes on from here." : "Not running.",
  );
}
