import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { Command } from "commander";
import colours from "picocolors";
import { reportFailure } from "../connection/report-failure.ts";
import { stackOutputs } from "../connection/stack.ts";
import { runInForeground } from "../local-azure/control/foreground.ts";
import { Interrupted } from "../local-azure/control/interruption.ts";
import { localStackName } from "../local-azure/control/local-stack.ts";
import { ensureLocalStack, type LocalSession, openLocalSession } from "../local-azure/control/session.ts";
import { DeploymentError } from "./failure.ts";
import { checkSettingsFile, needsDirectory } from "./preflight.ts";
import { progressStream, step } from "./progress.ts";
import { mendBackend, projectName } from "./recovery.ts";
import { summary } from "./summary.ts";

const project = join(import.meta.dirname, "..");

/** `npm start`: the main job on this machine, from the settings to a proven deployment. */
async function run(options: { readonly example?: string; readonly json: boolean }): Promise<void> {
  const progress = progressStream(options.json);
  const source = settingsSource(options.example);
  await step(progress, `Check the settings (${source.slice(project.length + 1)})`, async () =>
    checkSettingsFile(source),
  );
  const session = await step(progress, "Start the local cloud and prepare Pulumi", () =>
    openLocalSession("local"),
  );
  const stack = localStackName(options.example);
  try {
    const say = (line: string) => progress.write(`- ${line}\n`);
    (await mendBackend(session.env.PULUMI_BACKEND_URL ?? "", stack, say)).forEach(say);
    await ensureLocalStack(session, { project, projectName, stack, source });
    if (needsDirectory(source)) {
      await inSession(session, progress, "Check the object ids of the settings in the directory", "node", [
        "deployment/check.ts",
        source,
      ]);
    }
    await inSession(session, progress, "Recover from an interrupted run", "node", [
      "deployment/recover.ts",
      "--stack",
      stack,
    ]);
    await inSession(session, progress, `pulumi up --stack ${stack}`, "pulumi", [
      "up",
      "--yes",
      "--skip-preview",
      "--stack",
      stack,
      "--non-interactive",
      "--suppress-permalink=true",
    ]);
    await inSession(session, progress, "Publish the workload", "node", [
      "deployment/deploy.ts",
      "--stack",
      stack,
    ]);
    await inSession(session, progress, "Smoke tests", "npm", [
      "run",
      "--silent",
      "smoke",
      "--",
      "--stack",
      stack,
    ]);
    const outputs = await stackOutputs(stack, session.env);
    console.log(
      options.json
        ? JSON.stringify({ stack, cloud: session.cloud.origin, outputs })
        : summary(session.cloud, outputs, stack),
    );
  } catch (error) {
    if (!session.interruption.aborted) throw error;
    await session.abandon();
    throw session.interruption.reason;
  }
}

function report(error: unknown): void {
  if (error instanceof Interrupted) {
    console.error("\nInterrupted: what this command started is stopped. `npm start` goes on from here.");
    process.exitCode = error.exitCode;
  } else reportFailure(error);
}

async function inSession(
  session: LocalSession,
  progress: Writable,
  title: string,
  command: string,
  args: readonly string[],
): Promise<void> {
  await step(progress, title, async () => {
    session.interruption.throwIfAborted();
    const exitCode = await runInForeground(command, args, {
      env: session.env,
      cwd: project,
      onOutput: (chunk) => progress.write(chunk),
    });
    session.interruption.throwIfAborted();
    if (exitCode !== 0) {
      throw new DeploymentError(
        "KC-STEP-FAILED",
        `${title} ended with exit code ${exitCode}.`,
        "What it printed above says why. `npm start` again goes on from here.",
      );
    }
  });
}

function settingsSource(example: string | undefined): string {
  if (example === undefined) return join(project, "Pulumi.dev.yaml");
  const source = join(project, "examples", example, "settings.yaml");
  if (existsSync(source)) return source;
  const known = readdirSync(join(project, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  throw new DeploymentError(
    "KC-NO-EXAMPLE",
    `There is no example ${example}.`,
    `Take one of: ${known.join(", ")}.`,
  );
}

await new Command("npm start --")
  .description("Deploy to the local cloud, publish the workload and prove the result")
  .option("--example <name>", "take the settings of examples/<name> in place of Pulumi.dev.yaml")
  .option("--json", "print the result for machines; the progress goes to standard error", false)
  .addHelpText(
    "after",
    `\nColours respect NO_COLOR. Stop the local cloud with: ${colours.bold("npx --no local-azure stop")}`,
  )
  .action(run)
  .parseAsync()
  .catch(report);
