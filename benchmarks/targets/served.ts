import { type ChildProcess, fork } from "node:child_process";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { z } from "zod";
import type { Target } from "../workload.ts";
import type { PreparedTarget } from "./prepared.ts";

const readySchema = z.object({
  endpoint: z.string(),
  ca: z.string(),
  token: z.string().optional(),
  key: z.string().optional(),
});
const cpuSchema = z.object({ cpuMicroseconds: z.number(), residentBytes: z.number() });

type Ready = z.infer<typeof readySchema>;

export interface ServedTarget extends Target {
  /** From the start of the process to the first answered read, in milliseconds. */
  readonly spawnToFirstReadMs: number;
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a target in a process of its own on the state that was prepared for it and reads once, without an SDK, to see
 * that it serves. It answers CPU time and memory over its IPC channel.
 */
export async function serve(target: PreparedTarget): Promise<ServedTarget> {
  const begun = performance.now();
  const child = fork(join(import.meta.dirname, target.entry), [target.directory], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, NODE_COMPILE_CACHE: target.compileCache },
  });
  const ready = readySchema.parse(await nextMessage(child, target.entry));
  const agent = new Agent({ keepAlive: true, ca: ready.ca, maxSockets: 64 });
  await readOnce(ready, agent, target.firstRead);
  const spawnToFirstReadMs = performance.now() - begun;
  const usage = async () => {
    const answer = nextMessage(child, target.entry);
    child.send("usage");
    return cpuSchema.parse(await answer);
  };
  return {
    name: target.name,
    endpoint: ready.endpoint,
    agent,
    credential: ready.token === undefined ? { key: ready.key ?? "" } : { token: ready.token },
    spawnToFirstReadMs,
    cpuMicroseconds: async () => (await usage()).cpuMicroseconds,
    residentBytes: async () => (await usage()).residentBytes,
    async stop() {
      agent.destroy();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await ended;
    },
  };
}

function nextMessage(child: ChildProcess, entry: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${entry} ended with ${code}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}

function readOnce(ready: Ready, agent: Agent, path: string): Promise<void> {
  const credential =
    ready.token === undefined ? "type=master&ver=1.0&sig=AAAA" : `type=aad&ver=1.0&sig=${ready.token}`;
  const headers = {
    authorization: encodeURIComponent(credential),
    "x-ms-version": "2020-07-15",
    "x-ms-date": new Date().toUTCString(),
    "x-ms-documentdb-partitionkey": '["p0"]',
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, ready.endpoint), { agent, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`GET ${path} of ${ready.endpoint}: ${answer.statusCode}`));
      });
    });
    sent.once("error", reject);
    sent.end();
  });
}
