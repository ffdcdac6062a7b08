/**
 * The process between the local cloud and a site's process. It runs the start command in a process group of its own
 * and ends that group when it is told to, when the command ends, or when the local cloud is gone: the channel to it
 * closes even when it is killed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { LauncherOrder, LauncherReport } from "./launcher-messages.ts";

let guest: ChildProcess | undefined;
let stopping = false;
const pollMs = 20;

process.on("message", (order: LauncherOrder) => {
  if (order.kind === "start") start(order);
  else stop(order.graceMs);
});
process.once("disconnect", () => {
  signalGroup("SIGKILL");
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
  guest.once("error", (error) => finish(error.message));
  guest.once("exit", (code, signal) => {
    const reason = signal === null ? `exit code ${code}` : `signal ${signal}`;
    if (stopping) awaitGroup(reason);
    else {
      signalGroup("SIGKILL");
      finish(reason);
    }
  });
  if (guest.pid !== undefined)
    process.send?.({ kind: "started", processGroup: guest.pid } satisfies LauncherReport);
}

function stop(graceMs: number): void {
  if (guest === undefined) process.exit(0);
  stopping = true;
  signalGroup("SIGTERM");
  setTimeout(() => {
    signalGroup("SIGKILL");
    stopping = false;
  }, graceMs);
}

/** A shell ends at once, before what it started has finished its work: the grace is for all of the group. */
function awaitGroup(reason: string): void {
  if (!stopping || !signalGroup(0)) finish(reason);
  else setTimeout(() => awaitGroup(reason), pollMs);
}

/** @returns whether the group has a process. */
function signalGroup(signal: NodeJS.Signals | 0): boolean {
  try {
    return guest?.pid !== undefined && process.kill(-guest.pid, signal);
  } catch {
    return false;
  }
}

function finish(reason: string): void {
  process.send?.({ kind: "ended", reason } satisfies LauncherReport, () => process.exit(0));
}
