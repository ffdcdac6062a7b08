import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { messageOf } from "../error-message.ts";

/** A command that could not be started, failed, or took too long. */
export class CommandFailed extends Error {
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.name = "CommandFailed";
    this.output = output;
  }
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Milliseconds after which the command is ended and counts as failed. */
  readonly deadline: number;
  /** Called with each line of standard error. */
  readonly onErrorLine?: (line: string) => void;
}

/** How long a group has to end after SIGTERM. */
const grace = 3_000;
const keptErrorLines = 20;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/**
 * Runs a command in a process group of its own and returns its standard output. When `signal` aborts or the deadline
 * passes, the whole group is ended, and waited for.
 * @throws {CommandFailed} when it fails; the last lines of standard error are its `output`
 * @throws the signal's reason when it was aborted
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  options.signal.throwIfAborted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const title = [command, ...args].join(" ");
  const errorLines: string[] = [];
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    errorLines.push(line);
    if (errorLines.length > keptErrorLines) errorLines.shift();
    options.onErrorLine?.(line);
  });

  let late = false;
  let forced: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(child, "SIGTERM");
    forced = setTimeout(() => signalGroup(child, "SIGKILL"), grace);
  };
  const killNow = () => signalGroup(child, "SIGKILL");
  const timer = setTimeout(() => {
    late = true;
    end();
  }, options.deadline);
  options.signal.addEventListener("abort", end, { once: true });
  process.once("exit", killNow);
  try {
    const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode, endedBy) => resolve(exitCode ?? endedBy));
    }).catch((error: unknown) => {
      throw new CommandFailed(`${title}: ${messageOf(error)}`, "");
    });
    options.signal.throwIfAborted();
    const said = errorLines.join("\n");
    if (late) throw new CommandFailed(`${title} did not end within ${options.deadline / 1000} seconds`, said);
    if (code !== 0) throw new CommandFailed(`${title} ended with ${code}`, said);
    return output;
  } finally {
    clearTimeout(timer);
    clearTimeout(forced);
    options.signal.removeEventListener("abort", end);
    process.off("exit", killNow);
  }
}
