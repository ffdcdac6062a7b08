import { Command } from "commander";
import { connect } from "../connection/azure-cloud.ts";
import { reportFailure } from "../connection/report-failure.ts";
import { selectedStack, stackOutputs } from "../connection/stack.ts";
import { bundleWorkload } from "../workload/bundle.ts";
import { progressStream, step } from "./progress.ts";
import { publishZip, runningVersion, waitForVersion } from "./publish.ts";

interface DeployOptions {
  readonly stack?: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** `npm run deploy`: publishes the workload to every site of the stack that does not run this version yet. */
async function run(options: DeployOptions): Promise<void> {
  const progress = progressStream(options.json);
  const stack = options.stack ?? (await selectedStack());
  const { workloads } = await stackOutputs(stack);
  const { zip, version } = await bundleWorkload();
  const cloud = await connect();
  const results = [];
  for (const [name, workload] of Object.entries(workloads)) {
    const upToDate = !options.force && (await runningVersion(workload)) === version;
    results.push({ workload: name, siteName: workload.siteName, version, published: !upToDate });
    if (upToDate) {
      progress.write(`${name}: ${workload.siteName} runs version ${version} already.\n`);
      continue;
    }
    await step(progress, `${name}: publish version ${version} to ${workload.siteName}`, async () => {
      await publishZip(workload, zip, cloud);
      await waitForVersion(workload, version);
    });
  }
  if (options.json) console.log(JSON.stringify(results));
}

await new Command("deploy")
  .description("Publish the workload to the sites of a stack")
  .option("-s, --stack <name>", "the stack; otherwise the selected one")
  .option("--force", "publish even where this version runs", false)
  .option("--json", "print the result for machines", false)
  .action(run)
  .parseAsync()
  .catch(reportFailure);
