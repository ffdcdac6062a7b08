import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LauncherOrder, LauncherReport } from "./launcher-messages.ts";
import type { SiteLog } from "./site-log.ts";

export interface WorkerOptions {
  /** For `/bin/sh -c`. */
  readonly command: string;
  readonly cwd: string;
  /** The whole environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: SiteLog;
}

/** A running process of a site, with all that it started. */
export interface Worker {
  /** Resolves when the process has ended, with how: `exit code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Ends the process and all that it started; resolves when it has ended. App Service waits 5 seconds too. */
  stop(): Promise<void>;
}

const launcher = fileURLToPath(new URL("./launcher.ts", import.meta.url));
const graceMs = 5_000;

/** Starts the command behind a launcher, which ends it when the local cloud is gone. Its output goes to the log. */
export function startWorker({ command, cwd, environment, log }: WorkerOptions): Worker {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", launcher], {
    cwd,
    env: {},
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let processGroup: number | undefined;
  let reason: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      endGroup(processGroup);
      resolve(reason ?? `launcher: ${signal ?? `exit code ${code}`}`);
    });
  });
  child.stdout?.on("data", (chunk: Buffer) => log.output("stdout", chunk));
  child.stderr?.on("data", (chunk: Buffer) => log.output("stderr", chunk));
  child.on("message", (message: LauncherReport) => {
    if (message.kind === "started") processGroup = message.processGroup;
    else reason = message.reason;
  });
  const send = (order: LauncherOrder) => {
    if (child.connected) child.send(order, () => {});
  };
  send({ kind: "start", command, cwd, environment });
  return {
    ended,
    async stop() {
      send({ kind: "stop", graceMs });
      const last = setTimeout(() => {
        endGroup(processGroup);
        child.kill("SIGKILL");
      }, graceMs * 2);
      await ended;
      clearTimeout(last);
    },
  };
}

/** A launcher that was killed cannot end its group. */
function endGroup(processGroup: number | undefined): void {
  if (processGroup === undefined) return;
  try {
    process.kill(-processGroup, "SIGKILL");
  } catch {
    // The group has ended already.
  }
}
