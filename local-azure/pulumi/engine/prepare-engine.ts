import { UserError } from "../../core/user-error.ts";
import type { Reporter } from "../reporter.ts";
import { EngineCache, engineCacheFolder } from "./cache.ts";
import { type Engine, engineOnPath } from "./engine-binary.ts";
import { buildEngine, hasGo } from "./go-build.ts";
import { installEngine } from "./official-installer.ts";
import { CommandFailed } from "./run-command.ts";
import { engineVersion } from "./version.ts";

export type EngineSource = "path" | "cache" | "build" | "install";

export interface PreparedEngine extends Engine {
  readonly source: EngineSource;
}

const ways = ["path", "build", "install"] as const;
type Way = (typeof ways)[number];

function chosenWay(env: NodeJS.ProcessEnv): Way | undefined {
  const value = env.LOCAL_AZURE_ENGINE;
  if (value === undefined || value === "") return undefined;
  const way = ways.find((candidate) => candidate === value);
  if (way !== undefined) return way;
  throw new UserError(
    "LA-ENGINE-CHOICE",
    `LOCAL_AZURE_ENGINE is '${value}', which is none of ${ways.join(", ")}.`,
    "Unset it, or set it to path (a pulumi on PATH), build (with Go) or install (the official installer).",
  );
}

function noEngine(way: Way | undefined, reasons: readonly string[]): UserError {
  return new UserError(
    "LA-ENGINE-NONE",
    `There is no Pulumi engine ${engineVersion} or newer of the same major version${way === undefined ? "" : ` (LOCAL_AZURE_ENGINE=${way})`}.\n` +
      reasons.map((reason) => `  - ${reason}`).join("\n"),
    `Install the Pulumi CLI ${engineVersion} or newer (https://www.pulumi.com/docs/install/) so that \`pulumi version\` ` +
      "works, or install Go (https://go.dev/doc/install) so that the engine can be built, and run the command again.",
  );
}

function explain(error: CommandFailed): string {
  return error.output === ""
    ? error.message
    : `${error.message}\n${error.output.replaceAll(/^/gm, "      ")}`;
}

/**
 * Finds the Pulumi engine, or makes it: a `pulumi` on PATH, the user's cache, a build with Go, the official installer,
 * in this order. `LOCAL_AZURE_ENGINE` picks one way.
 * @param env PATH, HOME, XDG_CACHE_HOME, LOCAL_AZURE_ENGINE and what Go and the installer read
 * @param signal ends what runs; nothing of an unfinished engine stays
 * @throws {UserError} when no way works, with each reason and what to do
 */
export async function prepareEngine(options: {
  readonly env: NodeJS.ProcessEnv;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}): Promise<PreparedEngine> {
  const { env, reporter, signal } = options;
  const way = chosenWay(env);
  const reasons: string[] = [];

  if (way === undefined || way === "path") {
    const engine = await engineOnPath(engineVersion, env, signal);
    if (engine !== undefined) return { ...engine, source: "path" };
    reasons.push(`no pulumi on PATH that is ${engineVersion} or newer`);
  }
  const cache = new EngineCache(engineCacheFolder(env));
  for (const kind of ["build", "install"] as const) {
    if (way !== undefined && way !== kind) continue;
    const engine = await cache.find(engineVersion, kind, env, signal);
    if (engine !== undefined) return { ...engine, source: "cache" };
  }
  for (const kind of ["build", "install"] as const) {
    if (way !== undefined && way !== kind) continue;
    if (kind === "build" && !(await hasGo(env, signal))) {
      reasons.push("no `go` on PATH that runs, so it cannot be built");
      continue;
    }
    const make = kind === "build" ? buildEngine : installEngine;
    try {
      const engine = await cache.provide(engineVersion, kind, env, reporter, signal, (folder, ended) =>
        make(engineVersion, folder, env, reporter, ended),
      );
      return { ...engine, source: kind };
    } catch (error) {
      if (signal.aborted || !(error instanceof CommandFailed)) throw error;
      reasons.push(
        `${kind === "build" ? "building it" : "the official installer"} failed: ${explain(error)}`,
      );
    }
  }
  throw noEngine(way, reasons);
}
