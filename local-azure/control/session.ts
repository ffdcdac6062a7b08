import { existsSync } from "node:fs";
import { join } from "node:path";
import { preparePulumi } from "../pulumi/prepare.ts";
import { consoleReporter } from "../pulumi/reporter.ts";
import { commandEnvironment } from "./command-environment.ts";
import { runInForeground } from "./foreground.ts";
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
  /** Stops the cloud if this session started it: what Ctrl-C asks for. A cloud that already ran stays. */
  abandon(): Promise<void>;
}

/** Prepares the engine and the plugins, starts the local cloud if needed, and answers how to run commands against it. */
export async function openLocalSession(plugins: PluginKind): Promise<LocalSession> {
  const folder = openStateFolder();
  const abort = new AbortController();
  const onSignal = () => abort.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
  try {
    const pulumi = await preparePulumi({
      stateDirectory: folder.root,
      reporter: consoleReporter(process.stderr),
      signal: abort.signal,
      plugins,
    });
    const { cloud, startedHere } = await ensureRunning(folder);
    const env = commandEnvironment({
      folder,
      cloud,
      binFolders: pulumi.binDirectories,
      pulumiHome: pulumi.pulumiHome,
      plugins,
    });
    const abandon = async () => {
      if (startedHere) await stopRunning(folder);
    };
    if (abort.signal.aborted) await abandon();
    abort.signal.throwIfAborted();
    return { folder, cloud, env, abandon };
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
  }
}

export interface LocalStack {
  /** Folder of the Pulumi project. */
  readonly project: string;
  readonly projectName: string;
  readonly stack: string;
  /** The settings file whose `config:` block the stack takes over. */
  readonly source: string;
}

/** Writes the stack's settings file, makes the stack in the local backend where it is missing, and selects it. */
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
  const { exitCode } = await runInForeground("pulumi", ["stack", ...args, "--non-interactive"], {
    env: session.env,
    cwd: local.project,
    onOutput: (chunk) => {
      said += chunk;
    },
  });
  if (exitCode !== 0) throw new Error(`pulumi stack ${args.join(" ")} failed: ${said}`);
}
