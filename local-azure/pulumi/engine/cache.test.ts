import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Reporter, silentReporter } from "../reporter.ts";
import { writeFakeEngine } from "../testing/fake-engine.ts";
import { EngineCache, engineCacheFolder } from "./cache.ts";

const env = { PATH: process.env.PATH };
const { signal } = new AbortController();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-cache-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const makeEngine = async (draft: string) => {
  writeFakeEngine(join(draft, "bin"), "3.250.0");
};

describe("engineCacheFolder", () => {
  test.each([
    [{ XDG_CACHE_HOME: "/x", HOME: "/home/a" }, "/x/keyless-cosmos/engine"],
    [{ XDG_CACHE_HOME: "", HOME: "/home/a" }, "/home/a/.cache/keyless-cosmos/engine"],
  ])("%j", (environment, expected) => {
    expect(engineCacheFolder(environment)).toBe(expected);
  });
});

describe("EngineCache", () => {
  test("an engine that was made is found again", async () => {
    const cache = new EngineCache(folder);
    expect(await cache.find("3.250.0", "build", env, signal)).toBeUndefined();
    const made = await cache.provide("3.250.0", "build", env, silentReporter, signal, makeEngine);
    expect(made).toEqual({
      executable: join(folder, "3.250.0", "bin", "pulumi"),
      version: "3.250.0",
      hasLanguageHost: false,
    });
    expect(await cache.find("3.250.0", "build", env, signal)).toEqual(made);
    expect(await cache.find("3.250.0", "install", env, signal)).toBeUndefined();
  });

  test("of two runs that start at once one makes the engine; the other says that it waits, and takes it", async () => {
    let makes = 0;
    let openGate: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    const slow = async (draft: string) => {
      makes++;
      await gate;
      await makeEngine(draft);
    };
    const steps: string[] = [];
    const waiting: Reporter = {
      ...silentReporter,
      step(text) {
        steps.push(text);
        openGate();
      },
    };
    const runs = await Promise.all([
      new EngineCache(folder).provide("3.250.0", "build", env, waiting, signal, slow),
      new EngineCache(folder).provide("3.250.0", "build", env, waiting, signal, slow),
    ]);
    expect(makes).toBe(1);
    expect(runs[0]).toEqual(runs[1]);
    expect(steps).toEqual(["Another run is preparing the Pulumi engine; waiting for it"]);
  });

  test("what a run that was cut off has left is cleared away, and an entry that does not run is made again", async () => {
    mkdirSync(join(folder, "3.250.0.draft-abc", "bin"), { recursive: true });
    mkdirSync(join(folder, "3.250.0", "bin"), { recursive: true });
    writeFileSync(join(folder, "3.250.0", "bin", "pulumi"), "half a binary", { mode: 0o755 });
    const engine = await new EngineCache(folder).provide(
      "3.250.0",
      "build",
      env,
      silentReporter,
      signal,
      makeEngine,
    );
    expect(engine.version).toBe("3.250.0");
    expect(readdirSync(folder)).toEqual(["3.250.0"]);
  });

  test.each([
    ["does not run", async () => undefined],
    [
      "is version 3.1.0",
      async (draft: string) => {
        writeFakeEngine(join(draft, "bin"), "3.1.0");
      },
    ],
  ])("an engine that %s never enters the cache", async (reason, make) => {
    const provided = new EngineCache(folder).provide("3.250.0", "build", env, silentReporter, signal, make);
    await expect(provided).rejects.toThrow(`what was made as engine 3.250.0 ${reason}`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a failure leaves nothing, and the lock is free again", async () => {
    const cache = new EngineCache(folder);
    const failing = cache.provide("3.250.0", "build", env, silentReporter, signal, async () => {
      throw new Error("no network");
    });
    await expect(failing).rejects.toThrow("no network");
    expect(readdirSync(folder)).toEqual([]);
    await cache.provide("3.250.0", "build", env, silentReporter, signal, makeEngine);
    expect(existsSync(join(folder, "3.250.0", "bin", "pulumi"))).toBe(true);
  });
});
