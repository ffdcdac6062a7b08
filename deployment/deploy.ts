import { Command } from "commander";
import { connect } from "../connection/azure-cloud.ts";
import { reportFailure } from "../connection/report-failure.ts";
import { selectedStack, stackOutputs } from "../connection/stack.ts";
import { bundleWorkload } from "../workload/bundle.ts";
import { step } from "./progress.ts";
import { publishZip, runningVersion, waitForVersion } from "./publish.ts";

/** `npm run deploy`: publishes the workload to every site of the stack that does not run this version yet. */
async function run(options: { readonly stack?: string; readonly force: boolean }): Promise<void> {
  const stack = options.stack ?? (await selectedStack());
  const { workloads } = await stackOutputs(stack);
  const { zip, version } = await bundleWorkload();
  const cloud = await connect();
  for (const [name, workload] of Object.entries(workloads)) {
    if (!options.force && (await runningVersion(workload)) === version) {
      console.log(`${name}: ${workload.siteName} runs version ${version} already.`);
      continue;
    }
    await step(`${name}: publish version ${version} to ${workload.siteName}`, async () => {
      await publishZip(workload, zip, cloud);
      await waitForVersion(workload, version);
    });
  }
}

await new Command("deploy")
  .description("Publish the workload to the sites of a stack")
  .option("-s, --stack <name>", "the stack; otherwise the selected one")
  .option("--force", "publish even where this version runs", false)
  .action(run)
  .parseAsync()
  .catch(reportFailure);
