import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { getCACertificates } from "node:tls";
import { z } from "zod";
import { UserError } from "../core/user-error.ts";
import { findRunningCloud, type RunningCloud, requestStop } from "./running-cloud.ts";
import { withStartLock } from "./start-lock.ts";
import { projectFolder, type StateFolder } from "./state-folder.ts";

const startDeadlineMs = 60_000;
const stopDeadlineMs = 20_000;

const daemonMessage = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ code: z.string(), message: z.string(), fix: z.string() }),
]);

export interface StartedCloud {
  readonly cloud: RunningCloud;
  /** False when a cloud already ran on this state folder: then it is not ours to stop. */
  readonly startedHere: boolean;
}

/**
 * Starts the local cloud in a process of its own, or finds the one that runs. Two calls at once start one cloud.
 *
 * @throws UserError with the daemon's own code, or LA-START-FAILED with the end of its log.
 */
export function ensureRunning(folder: StateFolder): Promise<StartedCloud> {
  return withStartLock(folder, async () => {
    const running = await findRunningCloud(folder);
    if (running !== undefined) return { cloud: running, startedHere: false };
    await spawnDaemon(folder);
    const cloud = await findRunningCloud(folder);
    if (cloud === undefined) throw startFailed(folder);
    writeTrustBundle(folder);
    return { cloud, startedHere: true };
  });
}

/** Stops the local cloud of this state folder; answers false when none ran. */
export async function stopRunning(folder: StateFolder): Promise<boolean> {
  const cloud = await findRunningCloud(folder);
  if (cloud === undefined) return false;
  await requestStop(cloud);
  const deadline = Date.now() + stopDeadlineMs;
  while (isAlive(cloud.pid)) {
    if (Date.now() > deadline) {
      process.kill(cloud.pid, "SIGKILL");
      break;
    }
    await delay(50);
  }
  return true;
}

function spawnDaemon(folder: StateFolder): Promise<void> {
  const log = openSync(folder.logFile, "a", 0o600);
  const daemon = spawn(process.execPath, [join(projectFolder, "local-azure", "daemon.ts")], {
    cwd: folder.root,
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
    // With the compiled modules of an earlier start, a start takes less than half the time and 25 MB less.
    env: {
      ...process.env,
      LOCAL_AZURE_HOME: folder.root,
      NODE_COMPILE_CACHE: folder.compileCache,
    },
  });
  closeSync(log);
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      daemon.kill("SIGKILL");
      finish(startFailed(folder));
    }, startDeadlineMs);
    const finish = (error?: Error) => {
      clearTimeout(deadline);
      daemon.removeAllListeners();
      if (daemon.connected) daemon.disconnect();
      daemon.unref();
      if (error) reject(error);
      else resolve();
    };
    daemon.once("message", (raw) => {
      const message = daemonMessage.parse(raw);
      if ("ready" in message) finish();
      else finish(new UserError(message.code, message.message, message.fix));
    });
    daemon.once("error", finish);
    daemon.once("exit", () => finish(startFailed(folder)));
  });
}

function startFailed(folder: StateFolder): UserError {
  const tail = readFileSync(folder.logFile, "utf8").trimEnd().split("\n").slice(-15).join("\n");
  return new UserError(
    "LA-START-FAILED",
    `The local cloud did not start. The end of its log:\n${tail}`,
    "Read the log with `npx --no local-azure logs`; `npx --no local-azure reset` begins anew.",
  );
}

/** OpenSSL-based clients (Go, Python) take one file in place of the system's roots, so ours is added to a copy. */
function writeTrustBundle(folder: StateFolder): void {
  const roots = getCACertificates("system");
  const bundle = [...(roots.length > 0 ? roots : getCACertificates("bundled"))];
  bundle.push(readFileSync(folder.authorityFile, "utf8"));
  writeFileSync(folder.bundleFile, `${bundle.map((pem) => pem.trim()).join("\n")}\n`, { mode: 0o600 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Stops the cloud and deletes its whole state folder, Pulumi's local state and the private az configuration too. */
export async function reset(folder: StateFolder): Promise<void> {
  await stopRunning(folder);
  rmSync(folder.root, { recursive: true, force: true });
}
