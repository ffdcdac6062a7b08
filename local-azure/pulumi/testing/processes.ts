import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The ids of all processes that descend from one. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid="]);
  const parents = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([child = 0, parent = 0]) => ({ child, parent }));
  const found: number[] = [];
  for (let generation = [pid]; generation.length > 0; ) {
    generation = parents.filter(({ parent }) => generation.includes(parent)).map(({ child }) => child);
    found.push(...generation);
  }
  return found;
}

/** Waits until a process has ended, whether it was reaped or not; the test's own time limit bounds the wait. */
export async function gone(pid: number): Promise<void> {
  await run("sh", ["-c", `while ps -o stat= -p ${pid} | grep -qv "^Z"; do sleep 0.05; done`]);
}
