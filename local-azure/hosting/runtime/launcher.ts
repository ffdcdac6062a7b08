/**
 * The process between the local cloud and a site's process. It runs the start command in a process group of its own
 * and ends that group when it is told to, when the command ends, or when the local cloud is gone: the channel to it
 * closes even when it is killed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { LauncherOrder, LauncherReport } from "./launcher-messages.ts";

let guest: ChildProcess | undefined;

process.on("message", (order: LauncherOrder) => {
  if (order.kind === "start") start(order);
  else stop(order.graceMs);
});
process.once("disconnect", () => {
  killGroup("SIGKILL");
  process.exit(1);
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop(0));

function start({ command, cwd, environment }: Extract<LauncherOrder, { kind: "start" }>): void {
  guest = spawn("/bin/sh", ["-c", command], {
    cwd,
    env: environment,
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  guest.once("error", (error) => finish({ kind: "ended", reason: error.message }));
  guest.once("exit", (code, signal) => {
    killGroup("SIGKILL");
    finish({ kind: "ended", reason: signal === null ? `exit code ${code}` : `signal ${signal}` });
  });
  if (guest.pid !== undefined) report({ kind: "started", processGroup: guest.pid });
}

function stop(graceMs: number): void {
  if (guest === undefined) process.exit(0);
  killGroup("SIGTERM");
  setTimeout(() => killGroup("SIGKILL"), graceMs);
}

function killGroup(signal: NodeJS.Signals): void {
  if (guest?.pid === undefined) return;
  try {
    process.kill(-guest.pid, signal);
  } catch {
    // The group has ended already.
  }
}

function report(message: LauncherReport): void {
  process.send?.(message);
}

function finish(message: LauncherReport): void {
  process.send?.(message, () => process.exit(0));
}
