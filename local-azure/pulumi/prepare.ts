import { dirname, join } from "node:path";
import { type EngineSource, prepareEngine } from "./engine/prepare-engine.ts";
import { installLanguageHost, installLocalPlugins } from "./install.ts";
import type { Reporter } from "./reporter.ts";

export interface PreparedPulumi {
  /** To be put in front of PATH, in this order. */
  readonly binDirectories: readonly string[];
  readonly pulumiHome: string;
  /** The engine's version, for example `3.250.0`. */
  readonly version: string;
  readonly source: EngineSource;
}

/**
 * Prepares everything that `pulumi` needs on this machine: the engine, a Node language host where the engine has
 * none, and the local plugins in a private PULUMI_HOME.
 * @param options.stateDirectory the clone's `.local-azure`
 * @param options.plugins `official` leaves the plugins to the engine, which downloads them
 * @param options.env by default this process' environment
 * @throws {UserError} when there is no engine and none can be made
 */
export async function preparePulumi(options: {
  readonly stateDirectory: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly plugins: "local" | "official";
  readonly env?: NodeJS.ProcessEnv;
}): Promise<PreparedPulumi> {
  const { stateDirectory, reporter, signal } = options;
  const env = options.env ?? process.env;
  const engine = await prepareEngine({ env, reporter, signal });
  // The official plugins are kept apart: both kinds have the same names and versions.
  const pulumiHome = join(
    stateDirectory,
    options.plugins === "local" ? "pulumi-home" : "pulumi-home-official",
  );
  const workFolder = join(stateDirectory, "plugins");
  if (!engine.hasLanguageHost) installLanguageHost(pulumiHome);
  if (options.plugins === "local") {
    await installLocalPlugins({ executable: engine.executable, pulumiHome, workFolder, env, signal });
  }
  return {
    // The official language host runs the `node` that it finds on PATH.
    binDirectories: [dirname(engine.executable), dirname(process.execPath)],
    pulumiHome,
    version: engine.version,
    source: engine.source,
  };
}
