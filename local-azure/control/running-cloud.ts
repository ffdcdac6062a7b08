import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { z } from "zod";
import { processHeader } from "./control-channel.ts";
import type { StateFolder } from "./state-folder.ts";

const processFileSchema = z.object({
  pid: z.number().int().positive(),
  origin: z.url(),
  tenantId: z.uuid(),
  subscriptionId: z.uuid(),
  startedAt: z.iso.datetime(),
  /** Loopback port of the control channel. */
  controlPort: z.number().int().positive(),
  /** Proves to the control channel that the caller can read this owner-only file. */
  controlToken: z.string().min(32),
});

/** What a running local cloud says of itself. */
export type RunningCloud = z.infer<typeof processFileSchema>;

export function writeProcessFile(folder: StateFolder, cloud: RunningCloud): void {
  writeFileSync(folder.processFile, `${JSON.stringify(cloud, null, 2)}\n`, { mode: 0o600 });
}

export function removeProcessFile(folder: StateFolder): void {
  rmSync(folder.processFile, { force: true });
}

/**
 * The local cloud that runs on this state folder. A file that a killed process left behind is seen through: only a
 * process that takes its token on its control channel and says its process id counts, never a bare process id or port,
 * which the system may have given to someone else.
 */
export async function findRunningCloud(folder: StateFolder): Promise<RunningCloud | undefined> {
  const cloud = readProcessFile(folder);
  if (cloud === undefined) return undefined;
  const answer = await callControl(cloud, "GET", "/status");
  return answer?.status === 200 && answer.pid === String(cloud.pid) ? cloud : undefined;
}

/** Asks the running cloud to stop; answers once it accepted. */
export async function requestStop(cloud: RunningCloud): Promise<void> {
  await callControl(cloud, "POST", "/stop");
}

/** Asks the running cloud to read again what another process wrote to its store; answers whether it did. */
export async function requestReload(cloud: RunningCloud): Promise<boolean> {
  return (await callControl(cloud, "POST", "/reload"))?.status === 204;
}

function readProcessFile(folder: StateFolder): RunningCloud | undefined {
  try {
    return processFileSchema.parse(JSON.parse(readFileSync(folder.processFile, "utf8")));
  } catch {
    // Absent, cut off by a kill, or of another version: in each case no cloud can be reached through it.
    return undefined;
  }
}

interface ControlAnswer {
  readonly status: number | undefined;
  /** Who says to have answered. */
  readonly pid: unknown;
}

function callControl(cloud: RunningCloud, method: string, path: string): Promise<ControlAnswer | undefined> {
  return new Promise((resolve) => {
    const call = request(
      {
        host: "127.0.0.1",
        port: cloud.controlPort,
        method,
        path,
        agent: false,
        headers: { authorization: `Bearer ${cloud.controlToken}` },
        timeout: 5_000,
      },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode, pid: response.headers[processHeader] });
      },
    );
    call.once("timeout", () => call.destroy());
    call.once("error", () => resolve(undefined));
    call.end();
  });
}
