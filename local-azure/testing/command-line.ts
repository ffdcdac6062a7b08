import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectFolder } from "../control/state-folder.ts";

/** Milliseconds. The time limit of whatever first needs the engine: a machine that has none yet builds it. */
export const engineBuildMs = 45 * 60_000;

export interface CommandResult {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs, in a process group of its own, as a shell would start it. */
export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<CommandResult>;
  /** Resolves with what was printed on standard output so far, once `wanted` says so; fails when it ends before. */
  output(wanted: (text: string) => boolean): Promise<string>;
  /** Fails, naming them, unless every process that descends from the command ends within ten seconds. */
  nothingLeft(): Promise<void>;
}

/** The marker that a command hands down to every process it starts, except those whose environment is made anew. */
const marker = "LOCAL_TEST_COMMAND";

/** Starts a program with its output kept. */
export function startCommand(
  program: string,
  args: readonly string[],
  options: SpawnOptions & { readonly env: NodeJS.ProcessEnv },
): RunningCommand {
  const id = randomUUID();
  const child = spawn(program, [...args], {
    ...options,
    env: { ...options.env, [marker]: id },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? undefined, stdout, stderr }));
  });
  return {
    process: child,
    ended,
    output: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => wanted(stdout) && resolve(stdout);
        look();
        child.stdout.on("data", look);
        ended.then(() => reject(new Error(`${program} ended early:\n${stdout}\n${stderr}`)), reject);
      }),
    nothingLeft: () => noProcessWith(`${marker}=${id}`),
  };
}

/** `ps` shows the environment behind the command, so a variable that is handed down finds what no parent knows any more. */
async function noProcessWith(variable: string): Promise<void> {
  const flags = process.platform === "linux" ? "axeww" : "-axEww";
  // The last character in brackets, so that the search does not find itself.
  const pattern = `${variable.slice(0, -1)}[${variable.slice(-1)}]`;
  const find = `ps ${flags} -o pid=,stat=,args= | grep '${pattern}'`;
  await promisify(execFile)("sh", [
    "-c",
    `for i in $(seq 100); do ${find} >/dev/null || exit 0; sleep 0.1; done; ${find} | cut -c 1-300 >&2; exit 1`,
  ]);
}

/** The command line of the local cloud, on a state folder of its own, called from a folder that is no Pulumi project. */
export interface TestCommandLine {
  readonly home: string;
  readonly cwd: string;
  start(...args: string[]): RunningCommand;
  run(...args: string[]): Promise<CommandResult>;
  /** Fails with the command's output unless it ends with 0. */
  succeed(...args: string[]): Promise<string>;
  /** Stops the cloud and deletes the folders. */
  close(): Promise<void>;
}

/** Makes a state folder; `project` is the clone whose code runs. */
export function openTestCommandLine(project = projectFolder, cwd?: string): TestCommandLine {
  const root = mkdtempSync(join(tmpdir(), "local-azure-cli-"));
  const home = join(root, "home");
  const folder = cwd ?? join(root, "work");
  mkdirSync(folder, { recursive: true });
  const start = (...args: string[]) =>
    startCommand(process.execPath, [join(project, "local-azure", "cli.ts"), ...args], {
      cwd: folder,
      env: { ...process.env, LOCAL_AZURE_HOME: home, NO_COLOR: "1", FORCE_COLOR: "0" },
    });
  const run = (...args: string[]) => start(...args).ended;
  return {
    home,
    cwd: folder,
    start,
    run,
    async succeed(...args) {
      const { code, stdout, stderr } = await run(...args);
      if (code === 0) return stdout;
      throw new Error(`local-azure ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
    },
    async close() {
      await run("stop");
      rmSync(root, { recursive: true, force: true });
    },
  };
}
