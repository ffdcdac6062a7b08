import { commandEnvironment } from "../control/command-environment.ts";
import { runInForeground } from "../control/foreground.ts";
import { ensureRunning, stopRunning } from "../control/lifecycle.ts";
import { openStateFolder } from "../control/state-folder.ts";
import { UserError } from "../core/user-error.ts";
import { preparePulumi } from "../pulumi/prepare.ts";
import { consoleReporter } from "../pulumi/reporter.ts";

/** Runs `command` with the local cloud's environment, starting the cloud if needed; answers its exit code. */
export async function exec(
  command: readonly string[],
  options: { readonly plugins: "local" | "official" },
): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined) {
    throw new UserError(
      "LA-EXEC-NO-COMMAND",
      "There is no command to run.",
      "local-azure exec -- pulumi preview",
    );
  }
  const folder = openStateFolder();
  const abort = new AbortController();
  const onInterrupt = () => abort.abort();
  process.once("SIGINT", onInterrupt);
  const pulumi = await preparePulumi({
    stateDirectory: folder.root,
    reporter: consoleReporter(process.stderr),
    signal: abort.signal,
    plugins: options.plugins,
  }).finally(() => process.off("SIGINT", onInterrupt));
  const { cloud, startedHere } = await ensureRunning(folder);
  const env = commandEnvironment({
    folder,
    cloud,
    binFolders: pulumi.binDirectories,
    pulumiHome: pulumi.pulumiHome,
    plugins: options.plugins,
  });
  try {
    const { exitCode, interrupted } = await runInForeground(program, args, { env });
    if (interrupted && startedHere) await stopRunning(folder);
    return exitCode;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(
      "LA-EXEC-NOT-FOUND",
      `There is no program ${program} on PATH.`,
      "Check its spelling.",
    );
  }
}
