import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

const running = new Set<ChildProcess>();

/** Loaded into every child, so that it ends when this process does, even if that is killed. */
const parentWatch = new URL("./end-with-language-host.ts", import.meta.url).href;

/**
 * Starts a Node.js program under the Node.js that runs this process. It ends with this process.
 * @param args the program and its arguments
 */
export function startNode(args: readonly string[], options: SpawnOptions): ChildProcess {
  return track(spawn(process.execPath, ["--import", parentWatch, ...args], options));
}

/** Starts any other program; it is ended with this process, unless this process is killed. */
export function startProgram(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return track(spawn(command, args, options));
}

function track(child: ChildProcess): ChildProcess {
  running.add(child);
  const forget = () => running.delete(child);
  child.once("exit", forget).once("error", forget);
  return child;
}

/** Ends every child that still runs. */
export function endChildren(): void {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * Waits until a child has ended.
 * @returns the exit code, or 128 and the signal's name when a signal ended it
 * @throws {Error} when it cannot be started
 */
export function exitOf(
  child: ChildProcess,
): Promise<{ readonly code: number; readonly signal: string | undefined }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code: code ?? 128, signal: signal ?? undefined });
    });
  });
}
