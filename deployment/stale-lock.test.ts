import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { clearStaleLocks, type LockHolder } from "./stale-lock.ts";

/** Later than any process of the test began, and earlier than any. */
const later = "2999-01-01T00:00:00Z";
const earlier = "2000-01-01T00:00:00Z";

let backend: string;
let locks: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  backend = mkdtempSync(join(tmpdir(), "locks-"));
  locks = join(backend, ".pulumi", "locks", "organization", "keyless-cosmos", "local");
  mkdirSync(locks, { recursive: true });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(backend, { recursive: true, force: true });
});

/** Writes a lock and its attributes as the file backend does. */
function writeLock(name: string, text: string): string {
  const path = join(locks, `${name}.json`);
  writeFileSync(path, text);
  writeFileSync(`${path}.attrs`, '{"user.cache_control":""}');
  return path;
}

const lockText = (pid: number, timestamp: string, host = hostname()) =>
  JSON.stringify({ pid, username: "someone", hostname: host, timestamp });

const clear = (onWait: (holder: LockHolder) => void = () => {}) =>
  clearStaleLocks(pathToFileURL(backend).href, "keyless-cosmos", "local", onWait);

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

/** The id of a process that has ended, but that its parent never reaps: it ends once that has become `sleep`. */
async function zombie(): Promise<number> {
  const script = "(until ps -o comm= -p $$ | grep -q sleep; do :; done) & echo $!; exec sleep 600";
  const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
  started.push(parent);
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  const watch = spawn("sh", ["-c", `until ps -o stat= -p ${pid} | grep -q '^Z'; do sleep 0.05; done`]);
  await once(watch, "exit");
  return pid;
}

test.each<[string, () => Promise<string>, number | undefined]>([
  ["a process that has ended", async () => lockText(await endedProcess(), later), undefined],
  ["a process that has ended and was not reaped", async () => lockText(await zombie(), later), undefined],
  ["a number that now is another process", async () => lockText(process.pid, earlier), process.pid],
  ["nobody: the file is empty", async () => "", 0],
  ["nobody: the file was cut off", async () => '{"pid":12,"username":"some', 0],
  ["nobody: the file holds something else", async () => '{"pid":"12"}', 0],
])("a lock of %s is removed with its attributes", async (_, text, pid) => {
  writeLock("one", await text());
  const waited: LockHolder[] = [];
  const removed = await clear((holder) => waited.push(holder));
  expect(removed).toHaveLength(1);
  if (pid !== undefined) expect(removed[0]?.pid).toBe(pid);
  expect(waited).toEqual([]);
  expect(readdirSync(locks)).toEqual([]);
});

test("a lock of a living process is waited for, and removed when that is killed", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  started.push(child);
  writeLock("one", lockText(child.pid ?? 0, later));
  const removed = await clear((holder) => {
    expect(holder.pid).toBe(child.pid);
    expect(existsSync(join(locks, "one.json"))).toBe(true);
    child.kill("SIGKILL");
  });
  expect(removed.map(({ pid }) => pid)).toEqual([child.pid]);
  expect(readdirSync(locks)).toEqual([]);
});

test("a lock that its living holder gives back is not counted as removed", async () => {
  const path = writeLock("one", lockText(process.pid, later));
  let waits = 0;
  const removed = await clear(() => {
    waits += 1;
    rmSync(path);
    rmSync(`${path}.attrs`);
  });
  expect([removed, waits]).toEqual([[], 1]);
});

test("a lock of another host is left alone, and who holds it is told", async () => {
  writeLock("one", lockText(4711, "2026-11-20T08:00:00Z", "build-7"));
  await expect(clear()).rejects.toMatchObject({
    code: "KC-LOCKED",
    message:
      "Stack local is locked by process 4711 of someone on the host build-7, since 2026-11-20T08:00:00.000Z.",
    fix: "Wait until it ends. If you are sure that it has: `pulumi cancel --stack local`.",
  });
  expect(readdirSync(locks)).toEqual(["one.json", "one.json.attrs"]);
});

test("where ps cannot tell, a living process counts as the holder and a missing one does not", async () => {
  const path = process.env.PATH;
  const dead = await endedProcess();
  try {
    process.env.PATH = backend;
    const lock = writeLock("one", lockText(process.pid, earlier));
    const waited: number[] = [];
    expect(
      await clear(({ pid }) => {
        waited.push(pid);
        rmSync(lock);
      }),
    ).toEqual([]);
    expect(waited).toEqual([process.pid]);
    writeLock("two", lockText(dead, later));
    expect((await clear()).map(({ pid }) => pid)).toEqual([dead]);
  } finally {
    process.env.PATH = path;
  }
});

test("without locks, and on a backend that is no folder, there is nothing to do", async () => {
  expect(await clear()).toEqual([]);
  rmSync(backend, { recursive: true });
  expect(await clear()).toEqual([]);
  expect(await clearStaleLocks("https://api.pulumi.com", "keyless-cosmos", "local", () => {})).toEqual([]);
});
