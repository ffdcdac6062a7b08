import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Reporter } from "../reporter.ts";
import { executableIn } from "./engine-binary.ts";
import { CommandFailed, runCommand } from "./run-command.ts";

/** The Go module that names the engine's version and, in go.sum, the hash of everything it is built from. */
const moduleFolder = fileURLToPath(new URL("./module/", import.meta.url));
const enginePackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

const probeDeadline = 60_000;
const downloadDeadline = 15 * 60_000;
const buildDeadline = 45 * 60_000;

function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // A workspace, cross-compilation or flags meant for another project would change what is built.
  const { GOOS: _os, GOARCH: _arch, GOFLAGS: _flags, ...rest } = env;
  return { ...rest, GOWORK: "off", GOFLAGS: "-mod=readonly" };
}

/** Whether a `go` is there that runs. */
export async function hasGo(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
  try {
    await runCommand("go", ["version"], { env, signal, deadline: probeDeadline });
    return true;
  } catch (error) {
    if (signal.aborted || !(error instanceof CommandFailed)) throw error;
    return false;
  }
}

/**
 * Builds the engine from its published Go module into `<folder>/bin`.
 * @throws {CommandFailed} when a module cannot be downloaded in time or does not match its hash, or the build fails
 */
export async function buildEngine(
  version: string,
  folder: string,
  env: NodeJS.ProcessEnv,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const goEnv = goEnvironment(env);
  reporter.step(
    `Building the Pulumi engine ${version} with Go, once for this user (four to seven minutes on two cores)`,
  );

  let downloads = 0;
  const packages = await runCommand("go", ["list", "-deps", enginePackage], {
    cwd: moduleFolder,
    env: goEnv,
    signal,
    deadline: downloadDeadline,
    onErrorLine: (line) => {
      if (line.startsWith("go: downloading ")) {
        downloads++;
        reporter.progress(`downloading modules: ${downloads}, ${line.slice("go: downloading ".length)}`);
      }
    },
  });
  const total = packages.trim().split("\n").length;

  const binFolder = join(folder, "bin");
  mkdirSync(binFolder, { recursive: true });
  let compiled = 0;
  const ldflags = `-s -w -X ${versionVariable}=v${version}`;
  const args = [
    "build",
    "-v",
    "-trimpath",
    "-ldflags",
    ldflags,
    "-o",
    executableIn(binFolder),
    enginePackage,
  ];
  await runCommand("go", args, {
    cwd: moduleFolder,
    env: goEnv,
    signal,
    deadline: buildDeadline,
    onErrorLine: (line) => {
      if (line === enginePackage) reporter.progress(`compiled ${total} packages, linking`);
      else if (/^[\w.-]+(\/[\w.@~-]+)*$/.test(line))
        reporter.progress(`compiled ${++compiled} of ${total} packages`);
    },
  });
  reporter.done(`The Pulumi engine ${version} is built`);
}
