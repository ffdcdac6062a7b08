import { type ChildProcess, spawn } from "node:child_process";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface ForegroundOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What receives standard output and error line by line; without it both are inherited. */
  readonly onOutput?: (chunk: string) => void;
}

const signalNumbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * Runs a command to its end and hands it each of our ending signals once.
 *
 * On a terminal the command shares our process group, because the terminal itself sends Ctrl-C to the whole group and a
 * background group could not read the keyboard. Elsewhere it leads a group of its own, which is signalled by us: a
 * second SIGINT would make Pulumi abandon its clean-up.
 *
 * @returns the command's exit code; 128 + signal number when a signal ended it.
 */
export function runInForeground(
  command: string,
  args: readonly string[],
  options: ForegroundOptions,
): Promise<number> {
  const ownGroup = options.onOutput !== undefined || process.stdin.isTTY !== true;
  const child = spawn(command, args, {
    env: options.env,
    cwd: options.cwd,
    detached: ownGroup,
    stdio: options.onOutput ? ["ignore", "pipe", "pipe"] : "inherit",
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => options.onOutput?.(chunk));
  }
  const onSignal = (signal: NodeJS.Signals) => {
    if (ownGroup) signalGroup(child, signal);
    else if (signal !== "SIGINT") child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, onSignal);
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(code ?? 128 + (signalNumbers[signal ?? "SIGTERM"] ?? 15));
    });
  }).finally(() => {
    for (const signal of forwarded) process.off(signal, onSignal);
    if (ownGroup) signalGroup(child, "SIGKILL");
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // ESRCH: the whole group has ended already, which is what was wanted.
  }
}
