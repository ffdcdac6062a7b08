import { reset as resetState } from "../control/lifecycle.ts";
import { openStateFolder } from "../control/state-folder.ts";

/** Stops the local cloud and deletes all it kept, the local Pulumi stacks too. */
export async function reset(options: { readonly json: boolean }): Promise<void> {
  const folder = openStateFolder();
  await resetState(folder);
  if (options.json) {
    console.log(JSON.stringify({ deleted: folder.root }));
    return;
  }
  console.log(`Deleted ${folder.root}. The next start begins anew; the engine stays in its per-user cache.`);
}
