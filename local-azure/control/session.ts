import { existsSync } from "node:fs";
import { join } from "node:path";
import { preparePulumi } from "../pulumi/prepare.ts";
import { consoleReporter, type Reporter } from "../pulumi/reporter.ts";
import { commandEnvironment } from "./command-environment.ts";
import { runInForeground } from "./foreground.ts";
import { watchForInterruption } from "./interruption.ts";
import { ensureRunning, stopRunning } from "./lifecycle.ts";
import { saltOfState, writeLocalStackFile } from "./local-stack.ts";
import type { RunningCloud } from "./running-cloud.ts";
import { openStateFolder, type StateFolder } from "./state-folder.ts";

export type PluginKind = "local" | "official";

/** A running local cloud and the environment in which commands see it. */
export interface LocalSession {
  readonly folder: StateFolder;
  readonly cloud: RunningCloud;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when this process is asked to end; the signal alone does not end it any more. */
  readonly interruption: AbortSignal;
  /** Stops the cloud if this session started it: what Ctrl-C asks for. A cloud that already ran stays. */
  abandon(): Promise<void>;
}

/**
 * Prepares the engine and the plugins, starts the local cloud if needed, and answers how to run commands against it.
 *
 * @param reporter tells how the preparation goes on; on standard error for people unless given.
 * @throws Interrupted when this process was asked to end meanwhile; a cloud that was started here is stopped by then.
 */
export async function openLocalSession(
  plugins: PluginKind,
  reporter: Reporter = consoleReporter(process.stderr),
): Promise<LocalSession> {
  const interruption = watchForInterruption();
  const folder = openStateFolder();
  const pulumi = await preparePulumi({
    stateDirectory: folder.root,
    reporter,
    signal: interruption,
    plugins,
  }).catch((error: unknown) => {
    throw interruption.aborted ? interruption.reason : error;
  });
  const { cloud, startedHere } = await ensureRunning(folder);
  const abandon = async () => {
    if (startedHere) await stopRunning(folder);
  };
  if (interruption.aborted) await abandon();
  interruption.throwIfAborted();
  const env = commandEnvironment({
    folder,
    cloud,
    binFolders: pulumi.binDirectories,
    pulumiHome: pulumi.pulumiHome,
    plugins,
  });
  return { folder, cloud, env, interruption, abandon };
}

export interface LocalStack {
  /** Folder of the Pulumi project. */
  readonly project: string;
  readonly projectName: string;
  readonly stack: string;
  /** The settings file whose `config:` block the stack takes over. */
  readonly source: string;
}

/**
 * Writes the stack's settings file, makes the stack in the local backend where it is missing, and selects it.
 *
 * @throws Interrupted; UserError LA-STACK-CONFIG.
 */
export async function ensureLocalStack(session: LocalSession, local: LocalStack): Promise<void> {
  const stateFile = join(
    session.folder.backend,
    ".pulumi",
    "stacks",
    local.projectName,
    `${local.stack}.json`,
  );
  const exists = existsSync(stateFile);
  writeLocalStackFile(local.project, local.source, local.stack, exists ? saltOfState(stateFile) : undefined);
  const args = [exists ? "select" : "init", local.stack];
  let said = "";
  const exitCode = await runInForeground("pulumi", ["stack", ...args, "--non-interactive"], {
    env: session.env,
    cwd: local.project,
    onOutput: (chunk) => {
      said += chunk;
    },
  });
  session.interruption.throwIfAborted();
  if (exitCode !== 0) throw new Error(`pulumi stack ${args.join(" ")} failed: ${said}`);
}
