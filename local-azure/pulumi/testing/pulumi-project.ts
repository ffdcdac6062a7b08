import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { preparePulumi } from "../prepare.ts";
import { silentReporter } from "../reporter.ts";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Pulumi project in a temporary folder with a stack `test`, its own PULUMI_HOME and state. */
export interface PulumiProject {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Writes a file of the project. */
  write(path: string, text: string): void;
  /** Runs `pulumi` and waits for its end, whatever it is. */
  pulumi(...args: string[]): Promise<CommandResult>;
  /** Starts `pulumi` and returns at once. */
  start(...args: string[]): ChildProcess;
  /** Runs `pulumi` and fails the test with its output when it fails. */
  succeed(...args: string[]): Promise<string>;
  remove(): void;
}

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const isolated = /^(ARM|AZURE|PULUMI|MSI|IDENTITY)_/;

/**
 * Prepares the engine (which builds it when this machine has none) and makes a project.
 * @param extra environment variables for the engine and everything it starts
 */
export async function createPulumiProject(extra: Readonly<Record<string, string>>): Promise<PulumiProject> {
  const root = mkdtempSync(join(tmpdir(), "pulumi-project-"));
  const stateDirectory = join(root, "state");
  const directory = join(root, "project");
  mkdirSync(join(root, "backend"), { recursive: true });
  mkdirSync(directory);
  symlinkSync(join(repository, "node_modules"), join(directory, "node_modules"));
  const prepared = await preparePulumi({
    stateDirectory,
    reporter: silentReporter,
    signal: AbortSignal.timeout(45 * 60_000),
    plugins: "local",
  });
  const kept = Object.entries(process.env).filter(
    ([name]) => !isolated.test(name) && name !== "NODE_OPTIONS",
  );
  const environment: NodeJS.ProcessEnv = {
    ...Object.fromEntries(kept),
    PATH: [...prepared.binDirectories, process.env.PATH ?? ""].join(delimiter),
    PULUMI_HOME: prepared.pulumiHome,
    PULUMI_BACKEND_URL: `file://${join(root, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...extra,
  };
  const run = (args: readonly string[]): Promise<CommandResult> =>
    new Promise((resolve, reject) => {
      const child = spawn("pulumi", [...args, "--non-interactive"], { cwd: directory, env: environment });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        stdout += chunk;
      });
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
        stderr += chunk;
      });
      child.once("error", reject).once("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
    });
  const options = { cwd: directory, env: environment };
  const project: PulumiProject = {
    directory,
    stateDirectory,
    environment,
    write(path, text) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    },
    pulumi: (...args) => run(args),
    start: (...args) => spawn("pulumi", [...args, "--non-interactive"], { ...options, stdio: "ignore" }),
    async succeed(...args) {
      const result = await run(args);
      if (result.code === 0) return result.stdout;
      throw new Error(
        `pulumi ${args.join(" ")} ended with ${result.code}\n${result.stdout}\n${result.stderr}`,
      );
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  project.write(
    "package.json",
    '{ "name": "test-project", "dependencies": { "@pulumi/azure-native": "*", "@pulumi/azuread": "*", "@pulumi/pulumi": "*" } }\n',
  );
  project.write(
    "Pulumi.yaml",
    "name: test-project\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n",
  );
  project.write("index.js", "");
  await project.succeed("stack", "init", "test");
  return project;
}
