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

/** A lock that was cut off while being written holds nothing that could be trusted, so it counts as its file's owner's. */
function readLock(path: string): LockHolder | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  return lockSchema.parse(
    text === "" ? { pid: 0, username: "", hostname: hostname(), timestamp: 0 } : JSON.parse(text),
  );
}

/**
 * A process with the lock's number that began after the lock was written is somebody else's. `ps` prints whole
 * seconds in local time, so a second of tolerance is given.
 */
function lives({ pid, timestamp }: LockHolder): boolean {
  if (pid <= 0) return false;
  try {
    const begun = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      env: { ...process.env, LC_ALL: "C" },
    });
    return new Date(begun.toString().trim()).getTime() <= timestamp.getTime() + 1000;
  } catch {
    // ps exits 1 where there is no such process.
    return false;
  }
}

function locked(holder: LockHolder, stack: string, where: string): DeploymentError {
  return new DeploymentError(
    "KC-LOCKED",
    `Stack ${stack} is locked by process ${holder.pid} of ${holder.username} ${where}, since ${holder.timestamp.toISOString()}.`,
    `Wait until it ends. If you are sure that it has: \`pulumi cancel --stack ${stack}\`.`,
  );
}
