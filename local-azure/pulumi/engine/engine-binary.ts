import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { runCommand } from "./run-command.ts";
import { isNewEnough } from "./version.ts";

/** An engine that runs. */
export interface Engine {
  readonly executable: string;
  /** As `pulumi version` prints it, without the leading `v`. */
  readonly version: string;
  /** Whether a Node language host stands beside it, as in the official distribution. */
  readonly hasLanguageHost: boolean;
}

const executableName = process.platform === "win32" ? "pulumi.exe" : "pulumi";
const languageHostName =
  process.platform === "win32" ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs";
const versionDeadline = 30_000;

/** The path of the engine in a folder. */
export function executableIn(binFolder: string): string {
  return join(binFolder, executableName);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs an engine to learn its version.
 * @returns `undefined` when there is none, or it does not run
 */
export async function probeEngine(
  executable: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Engine | undefined> {
  if (!isExecutable(executable)) return undefined;
  try {
    const output = await runCommand(executable, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      signal,
      deadline: versionDeadline,
    });
    const version = output.trim().replace(/^v/, "");
    return { executable, version, hasLanguageHost: existsSync(join(dirname(executable), languageHostName)) };
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/** The first engine on PATH that is new enough. */
export async function engineOnPath(
  wanted: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Engine | undefined> {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (folder === "") continue;
    const engine = await probeEngine(executableIn(folder), env, signal);
    if (engine !== undefined && isNewEnough(engine.version, wanted)) return engine;
  }
  return undefined;
}
