import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import lockfile from "proper-lockfile";
import type { Reporter } from "../reporter.ts";
import { type Engine, executableIn, probeEngine } from "./engine-binary.ts";

/** How an engine came into the cache; each way has its own folder, because only one brings a language host. */
export type CachedKind = "build" | "install";

const lockPoll = 500;
/** A lock that was not renewed for this long belongs to a process that is gone. Milliseconds. */
const lockStale = 20_000;

/**
 * The folder for engines of this user: `$XDG_CACHE_HOME/keyless-cosmos/engine`, by default below `~/.cache`.
 */
export function engineCacheFolder(env: NodeJS.ProcessEnv): string {
  const configured = env.XDG_CACHE_HOME;
  const base =
    configured === undefined || configured === "" ? join(env.HOME ?? homedir(), ".cache") : configured;
  return join(base, "keyless-cosmos", "engine");
}

/** The cache of engines of one user: one folder for each version and kind, complete or absent. */
export class EngineCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #entry(version: string, kind: CachedKind): string {
    return join(this.#folder, kind === "build" ? version : `${version}-official`);
  }

  /** The cached engine, if it runs and has the version that its folder says. */
  async find(
    version: string,
    kind: CachedKind,
    env: NodeJS.ProcessEnv,
    signal: AbortSignal,
  ): Promise<Engine | undefined> {
    const engine = await probeEngine(executableIn(join(this.#entry(version, kind), "bin")), env, signal);
    return engine?.version === version ? engine : undefined;
  }

  /**
   * Makes an entry, or waits for another run that does. It is made beside its place, proven to run and then moved
   * there, so that a run which is cut off leaves nothing that looks like an engine.
   * @param make fills the given folder so that it has `bin/pulumi`
   */
  async provide(
    version: string,
    kind: CachedKind,
    env: NodeJS.ProcessEnv,
    reporter: Reporter,
    signal: AbortSignal,
    make: (folder: string, signal: AbortSignal) => Promise<void>,
  ): Promise<Engine> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const entry = this.#entry(version, kind);
    const lost = new AbortController();
    const release = await this.#lock(entry, reporter, signal, lost);
    try {
      const present = await this.find(version, kind, env, signal);
      if (present !== undefined) return present;
      this.#removeLeftovers(entry);
      const draft = mkdtempSync(`${entry}.draft-`);
      try {
        await make(draft, AbortSignal.any([signal, lost.signal]));
        const made = await probeEngine(executableIn(join(draft, "bin")), env, signal);
        if (made?.version !== version) {
          throw new Error(
            `what was made as engine ${version} ${made === undefined ? "does not run" : `is version ${made.version}`}`,
          );
        }
        rmSync(entry, { recursive: true, force: true });
        renameSync(draft, entry);
        return { ...made, executable: executableIn(join(entry, "bin")) };
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    } finally {
      await release();
    }
  }

  async #lock(
    entry: string,
    reporter: Reporter,
    signal: AbortSignal,
    lost: AbortController,
  ): Promise<() => Promise<void>> {
    for (let waits = 0; ; waits++) {
      signal.throwIfAborted();
      try {
        return await lockfile.lock(entry, {
          realpath: false,
          stale: lockStale,
          onCompromised: (error) => lost.abort(error),
        });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      }
      if (waits === 0) reporter.step("Another run is preparing the Pulumi engine; waiting for it");
      else reporter.progress(`waiting for the other run, ${Math.round((waits * lockPoll) / 1000)} s`);
      await delay(lockPoll, undefined, { signal });
    }
  }

  /** Drafts that runs which were cut off have left; nobody else makes any, because the lock is held. */
  #removeLeftovers(entry: string): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (path.startsWith(`${entry}.draft-`)) rmSync(path, { recursive: true, force: true });
    }
  }
}
