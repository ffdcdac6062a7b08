import { join } from "node:path";
import colours from "picocolors";
import { reportFailure } from "../connection/report-failure.ts";
import { selectedStack } from "../connection/stack.ts";
import { runInForeground } from "../local-azure/control/foreground.ts";
import { DeploymentError } from "./failure.ts";
import { preflight } from "./preflight.ts";
import { readUpArguments } from "./up-arguments.ts";

const project = join(import.meta.dirname, "..");

/**
 * `npm run up -- <arguments of pulumi up>`: tells everything that is wrong in the stack's settings at once, what only
 * the directory shows included, and then hands over to `pulumi up`.
 */
async function run(args: readonly string[]): Promise<void> {
  const { help, stack, configFile } = readUpArguments(args);
  if (!help) {
    const file = configFile ?? join(project, `Pulumi.${stack ?? (await selectedStack())}.yaml`);
    await preflight(file, (sentence) => console.error(`${colours.yellow("warning:")} ${sentence}`));
  }
  process.exitCode = await runInForeground("pulumi", ["up", ...args], { env: process.env }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      throw new DeploymentError(
        "KC-PULUMI",
        "There is no pulumi on PATH.",
        "Install it (https://www.pulumi.com/docs/install/), or for the local cloud use `npm start`.",
      );
    },
  );
}

await run(process.argv.slice(2)).catch(reportFailure);
