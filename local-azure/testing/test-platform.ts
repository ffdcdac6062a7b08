import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { loadCertificates } from "../core/certificates.ts";
import { type ManualClock, manualClock } from "../core/clock.ts";
import { openFaults } from "../core/faults.ts";
import { randomIds } from "../core/ids.ts";
import type { Platform } from "../core/platform.ts";
import { openPorts } from "../core/ports.ts";
import type { RequestLogEntry } from "../core/request-log.ts";
import { openStore } from "../core/store.ts";
import { loadTenancy } from "../core/tenancy.ts";
import { keepRequests } from "./request-record.ts";

/** What one surface needs to run alone in a test: a real store in a temporary folder and a clock that stands still. */
export interface TestPlatform {
  readonly platform: Platform;
  readonly clock: ManualClock;
  /** Every entry that was logged. */
  readonly requests: readonly RequestLogEntry[];
  /** Closes the store and opens it again, as a restart does. */
  reopen(): Promise<TestPlatform>;
  close(): void;
}

/** Nothing listens yet; the port of `origin` is claimed as `main`, as the local cloud does. */
export async function openTestPlatform(
  directory = mkdtempSync(join(tmpdir(), "local-azure-platform-")),
): Promise<TestPlatform> {
  const clock = manualClock(new Date("2026-11-20T08:00:00Z"));
  const store = openStore(join(directory, "state.sqlite"));
  const requests: RequestLogEntry[] = [];
  const ports = openPorts(store, (below) => randomIds.bytes(4).readUInt32BE() % below);
  const platform: Platform = {
    directory,
    store,
    clock,
    ids: randomIds,
    certificates: await loadCertificates(directory, clock, randomIds),
    ports,
    faults: openFaults(store),
    requestLog: { record: (entry) => requests.push(entry), close: () => {} },
    origin: `https://localhost:${await ports.claim("main")}`,
    ...loadTenancy(store, randomIds),
  };
  return {
    platform,
    clock,
    requests,
    reopen() {
      store.close();
      keepRequests(`${basename(directory)}-${randomIds.token(4)}`, requests);
      return openTestPlatform(directory);
    },
    close() {
      store.close();
      keepRequests(basename(directory), requests);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
