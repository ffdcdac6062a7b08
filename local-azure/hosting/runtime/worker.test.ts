import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@jest/globals";
import { eventually } from "../testing/eventually.ts";
import type { SiteLog } from "./site-log.ts";
import { startWorker } from "./worker.ts";

const node = `'${process.execPath}'`;
/** Starts a process of its own, prints both pids, and outlives SIGTERM when told to. */
const family = (onTerminate: string) => `
${node} -e '
const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
process.on("SIGTERM", () => { ${onTerminate} });
console.log(process.pid, child.pid);
setInterval(() => {}, 1000);
'; true`;

function collect(): { readonly log: SiteLog; line(text: string): Promise<string> } {
  let output = "";
  const log: SiteLog = {
    platform: () => {},
    output(_, chunk) {
      output += chunk;
    },
    close: () => {},
  };
  return {
    log,
    line: async (pattern) =>
      eventually(
        async () => output.split("\n").find((line) => new RegExp(pattern).test(line)) ?? "",
        (line) => line !== "",
      ),
  };
}

const gone = (pid: number) =>
  eventually(
    async () => isRunning(pid),
    (running) => !running,
  );

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("all that the process started ends when the local cloud is killed", async () => {
  const host = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "../testing/worker-host.ts"),
      family(""),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(createInterface({ input: host.stdout }), "line")) as [string];
  const pids = line.split(" ").map(Number);
  expect(pids.map(isRunning)).toEqual([true, true]);
  host.kill("SIGKILL");
  await Promise.all(pids.map(gone));
});

test("a process may finish its work before it ends", async () => {
  const { log, line } = collect();
  const worker = startWorker({
    command: family('setTimeout(() => { console.log("work is done"); process.exit(0); }, 200)'),
    cwd: tmpdir(),
    environment: {},
    log,
  });
  await line("^\\d+ \\d+$");
  await worker.stop();
  expect(await line("work is done")).toBe("work is done");
});

test.each([
  ["exit 3", "exit code 3"],
  ["kill -9 $$", "signal SIGKILL"],
  ["no-such-program-here", "exit code 127"],
])("tells how `%s` ended", async (command, reason) => {
  const worker = startWorker({ command, cwd: tmpdir(), environment: {}, log: collect().log });
  expect(await worker.ended).toBe(reason);
});
