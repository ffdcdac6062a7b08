import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { eventually } from "../testing/eventually.ts";
import { createHealthCheck } from "./health-check.ts";
import type { Timers } from "./timers.ts";

let server: Server;
let status = 200;
let asked: (string | undefined)[] = [];
let tick: (() => void) | undefined;
let intervalMs: number | undefined;
const lines: string[] = [];
let restarts = 0;

const timers: Timers = {
  pause: async () => {},
  soon: (work) => work(),
  every(ms, work) {
    intervalMs = ms;
    tick = work;
    return () => {
      tick = undefined;
    };
  },
};

beforeEach(async () => {
  server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status, status === 302 ? { Location: "/elsewhere" } : {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.close();
});

async function minute(): Promise<void> {
  const before = asked.length;
  tick?.();
  await eventually(
    async () => asked.length,
    (count) => count > before,
  );
}

test("a process that fails ten times in a row is replaced, once an hour at most", async () => {
  const log = { platform: (line: string) => void lines.push(line), output: () => {}, close: () => {} };
  const restart = () => {
    restarts += 1;
  };
  const check = createHealthCheck({ timers, log, restart });
  check.watch((server.address() as AddressInfo).port, "/health");
  expect(intervalMs).toBe(60_000);
  await minute();
  expect(asked).toEqual(["/health"]);
  status = 302;
  for (let failure = 0; failure < 9; failure += 1) await minute();
  expect(asked.includes("/elsewhere")).toBe(false);
  expect(restarts).toBe(0);
  status = 500;
  await minute();
  await eventually(
    async () => restarts,
    (count) => count === 1,
  );
  for (let failure = 0; failure < 11; failure += 1) await minute();
  status = 204;
  await minute();
  await eventually(
    async () => lines.length,
    (count) => count === 4,
  );
  expect(lines).toEqual([
    "Health check of /health: 302.",
    "Health check of /health failed 10 times: the process is replaced.",
    "Health check of /health: 500.",
    "Health check of /health: healthy again.",
  ]);
  expect(restarts).toBe(1);
  asked = [];
  check.watch(undefined, undefined);
  expect(tick).toBeUndefined();
});
