import { fork } from "node:child_process";
import { Agent } from "node:https";
import { join } from "node:path";
import { z } from "zod";
import type { Target } from "../workload.ts";

const readySchema = z.object({
  endpoint: z.string(),
  ca: z.string(),
  token: z.string().optional(),
  key: z.string().optional(),
});
const cpuSchema = z.object({ cpuMicroseconds: z.number(), residentBytes: z.number() });

export interface ServedTarget extends Target {
  /** From the start of the process to the first answered read, in milliseconds. */
  readonly spawnToReadyMs: number;
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `targets/<entry>.ts` in a process of its own; it answers CPU time and memory over its IPC channel. */
export async function serve(name: string, entry: string): Promise<ServedTarget> {
  const begun = performance.now();
  const child = fork(join(import.meta.dirname, entry), [], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ask = () =>
    new Promise<unknown>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`${entry} ended with ${code}`));
      child.once("exit", onExit);
      child.once("message", (message) => {
        child.off("exit", onExit);
        resolve(message);
      });
    });
  const ready = readySchema.parse(await ask());
  const spawnToReadyMs = performance.now() - begun;
  const agent = new Agent({ keepAlive: true, ca: ready.ca, maxSockets: 64 });
  const usage = async () => {
    const answer = ask();
    child.send("usage");
    return cpuSchema.parse(await answer);
  };
  return {
    name,
    endpoint: ready.endpoint,
    agent,
    credential: ready.token === undefined ? { key: ready.key ?? "" } : { token: ready.token },
    spawnToReadyMs,
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
