import { fileURLToPath } from "node:url";
import type { Reporter } from "../reporter.ts";
import { runCommand } from "./run-command.ts";

const installDeadline = 10 * 60_000;

/**
 * Installs the official distribution into `<folder>/bin` with the Automation API. It runs in a process of its own, so
 * that it can be ended.
 * @throws {CommandFailed}
 */
export async function installEngine(
  version: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  reporter.step(
    `Installing the official Pulumi CLI ${version}: fetching the install script from get.pulumi.com, ` +
      "which fetches the release archive (about 150 MB)",
  );
  const script = fileURLToPath(new URL("./run-official-installer.ts", import.meta.url));
  await runCommand(process.execPath, [script, folder], {
    env,
    signal,
    deadline: installDeadline,
    onErrorLine: (line) => reporter.progress(line),
  });
  reporter.done(`The official Pulumi CLI ${version} is installed`);
}
