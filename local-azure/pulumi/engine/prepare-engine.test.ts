import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { UserError } from "../../core/user-error.ts";
import { silentReporter } from "../reporter.ts";
import { writeFakeEngine, writeScript } from "../testing/fake-engine.ts";
import { prepareEngine } from "./prepare-engine.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "prepare-engine-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** PATH with the given folders and the few programs that the scripts of these tests need. */
function environment(
  folders: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return { PATH: folders.join(":"), XDG_CACHE_HOME: join(root, "cache"), ...extra };
}

function prepare(env: NodeJS.ProcessEnv, signal: AbortSignal = new AbortController().signal) {
  return prepareEngine({ env, reporter: silentReporter, signal });
}

async function refusal(env: NodeJS.ProcessEnv): Promise<UserError> {
  const error: unknown = await prepare(env).catch((caught: unknown) => caught);
  if (error instanceof UserError) return error;
  throw new Error(`no UserError, but ${error}`);
}

describe("prepareEngine", () => {
  test("takes the first engine on PATH that is new enough, and sees its language host", async () => {
    writeFakeEngine(join(root, "old"), "3.100.0");
    const executable = writeFakeEngine(join(root, "new"), "3.260.1");
    writeScript(join(root, "new"), "pulumi-language-nodejs", ["exit 0"]);
    expect(await prepare(environment([join(root, "old"), join(root, "new")]))).toEqual({
      executable,
      version: "3.260.1",
      hasLanguageHost: true,
      source: "path",
    });
  });

  test("takes a cached engine when PATH has only an old one, and leaves PATH alone when told to build", async () => {
    writeFakeEngine(join(root, "old"), "3.100.0");
    writeFakeEngine(join(root, "new"), "3.300.0");
    const cached = writeFakeEngine(
      join(root, "cache", "keyless-cosmos", "engine", "3.250.0", "bin"),
      "3.250.0",
    );
    const expected = { executable: cached, version: "3.250.0", hasLanguageHost: false, source: "cache" };
    expect(await prepare(environment([join(root, "old")]))).toEqual(expected);
    expect(await prepare(environment([join(root, "new")], { LOCAL_AZURE_ENGINE: "build" }))).toEqual(
      expected,
    );
  });

  test("refuses an unknown choice", async () => {
    const error = await refusal(environment([], { LOCAL_AZURE_ENGINE: "download" }));
    expect(error.code).toBe("LA-ENGINE-CHOICE");
    expect(error.message).toBe("LOCAL_AZURE_ENGINE is 'download', which is none of path, build, install.");
  });

  test("with only PATH allowed and nothing there, says what was looked for and how to install one", async () => {
    const error = await refusal(environment([join(root, "empty")], { LOCAL_AZURE_ENGINE: "path" }));
    expect(error.code).toBe("LA-ENGINE-NONE");
    expect(error.message).toBe(
      "There is no Pulumi engine 3.250.0 or newer of the same major version (LOCAL_AZURE_ENGINE=path).\n" +
        "  - no pulumi on PATH that is 3.250.0 or newer",
    );
    expect(error.fix).toContain("https://www.pulumi.com/docs/install/");
    expect(error.fix).toContain("https://go.dev/doc/install");
  });

  test("without Go a build is refused with that reason", async () => {
    const error = await refusal(environment([join(root, "empty")], { LOCAL_AZURE_ENGINE: "build" }));
    expect(error.message).toContain("no `go` on PATH that runs, so it cannot be built");
  });

  test("a build that fails is reported with Go's own words", async () => {
    writeScript(join(root, "bin"), "go", [
      '[ "$1" = version ] && exit 0',
      'echo "go: github.com/pulumi/pulumi/pkg/v3: checksum mismatch" >&2',
      "exit 1",
    ]);
    const error = await refusal(environment([join(root, "bin")], { LOCAL_AZURE_ENGINE: "build" }));
    expect(error.code).toBe("LA-ENGINE-NONE");
    expect(error.message).toContain("      go: github.com/pulumi/pulumi/pkg/v3: checksum mismatch");
  });

  test("when it is aborted, every process of the build ends and nothing half-made stays", async () => {
    const pidFile = join(root, "pids");
    writeScript(join(root, "bin"), "go", [
      '[ "$1" = version ] && exit 0',
      "/bin/sleep 300 &",
      `echo "$$ $!" > ${pidFile}.draft && /bin/mv ${pidFile}.draft ${pidFile}`,
      "wait",
    ]);
    const abort = new AbortController();
    const started = new Promise<void>((resolve) => {
      const watcher = watch(root, () => {
        if (!existsSync(pidFile)) return;
        watcher.close();
        resolve();
      });
    });
    const building = prepare(environment([join(root, "bin")], { LOCAL_AZURE_ENGINE: "build" }), abort.signal);
    await started;
    abort.abort(new Error("Ctrl-C"));
    await expect(building).rejects.toThrow("Ctrl-C");
    for (const pid of readFileSync(pidFile, "utf8").trim().split(" ")) {
      expect(isRunning(Number(pid))).toBe(false);
    }
    expect(readdirSync(join(root, "cache", "keyless-cosmos", "engine"))).toEqual([]);
  });
});

/** A process that has ended may stay in the table until its parent asks for it. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
