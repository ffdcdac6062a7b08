import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { DeploymentError } from "./failure.ts";

/** What Pulumi's file backend writes into a lock (pulumi/pulumi pkg/backend/diy/lock.go, lockContent). */
const lockSchema = z.object({
  pid: z.number().int(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.coerce.date(),
});

export type LockHolder = z.infer<typeof lockSchema>;

/** The process id of a lock that names no process. */
const nobody = 0;

const waitForOtherMs = 15 * 60_000;
const pollMs = 500;

/**
 * Frees the stack of a file backend from locks whose process on this host is dead, and waits for one that lives.
 *
 * @returns the removed locks' holders.
 * @throws DeploymentError KC-LOCKED when the lock was made on another host, or its process does not end in time.
 */
export async function clearStaleLocks(
  backendUrl: string,
  project: string,
  stack: string,
  onWait: (holder: LockHolder) => void,
): Promise<LockHolder[]> {
  const removed: LockHolder[] = [];
  if (!backendUrl.startsWith("file:")) return removed;
  const folder = join(fileURLToPath(backendUrl), ".pulumi", "locks", "organization", project, stack);
  const deadline = Date.now() + waitForOtherMs;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  // Beside each lock the backend's blob library keeps its attributes, in a file that ends with .attrs.
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const path = join(folder, file);
    const holder = readLock(path);
    if (holder === undefined) continue;
    if (holder.hostname !== hostname()) throw locked(holder, stack, `on the host ${holder.hostname}`);
    if (lives(holder)) onWait(holder);
    while (existsSync(path) && lives(holder)) {
      if (Date.now() > deadline) throw locked(holder, stack, "on this host, and it still runs");
      await delay(pollMs);
    }
    if (!existsSync(path)) continue;
    rmSync(path, { force: true });
    rmSync(`${path}.attrs`, { force: true });
    removed.push(holder);
  }
  return removed;
}

/** A lock that was cut off while being written names nobody, so it counts as that of no process. */
function readLock(path: string): LockHolder | undefined {
  if (!existsSync(path)) return undefined;
  const parsed = lockSchema.safeParse(jsonOf(readFileSync(path, "utf8")));
  return parsed.data ?? { pid: nobody, username: "", hostname: hostname(), timestamp: new Date(0) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A process with the lock's number that began after the lock was written is somebody else's. `ps` prints whole
 * seconds in local time, so a second of tolerance is given. Where `ps` cannot tell (BusyBox has no start times, small
 * images no `ps`), a process with the number counts as the holder.
 */
function lives({ pid, timestamp }: LockHolder): boolean {
  if (!exists(pid)) return false;
  const [, state = "", begun = ""] = /^(\S+)\s+(.+)$/.exec(describe(pid)) ?? [];
  // Ended, but not yet reaped by its parent: it writes nothing any more.
  if (state.startsWith("Z")) return false;
  const began = new Date(begun).getTime();
  return Number.isNaN(began) ? exists(pid) : began <= timestamp.getTime() + 1000;
}

function exists(pid: number): boolean {
  if (pid <= nobody) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** State and start of a process as `ps` prints them; empty where it cannot. */
function describe(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    })
      .toString()
      .trim();
  } catch {
    return "";
  }
}

function locked(holder: LockHolder, stack: string, where: string): DeploymentError {
  return new DeploymentError(
    "KC-LOCKED",
    `Stack ${stack} is locked by process ${holder.pid} of ${holder.username} ${where}, since ${holder.timestamp.toISOString()}.`,
    `Wait until it ends. If you are sure that it has: \`pulumi cancel --stack ${stack}\`.`,
  );
}
