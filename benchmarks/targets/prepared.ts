import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadCertificates } from "../../local-azure/core/certificates.ts";
import { systemClock } from "../../local-azure/core/clock.ts";
import { randomIds } from "../../local-azure/core/ids.ts";

const run = promisify(execFile);

/** A target that can be started: what it needs lies on disk, so that a start makes no keys and no accounts. */
export interface PreparedTarget {
  readonly name: string;
  /** File in this folder. */
  readonly entry: string;
  /** Its state; the only argument that it is started with. */
  readonly directory: string;
  /** Node's cache of compiled modules, which the local cloud's own start also uses. */
  readonly compileCache: string;
  /** Path of what a start is measured by reading. */
  readonly firstRead: string;
}

const item = "/dbs/bench/colls/warmup/docs/item-0";

/**
 * Prepares all targets: certificates for those that keep nothing, and a state with an account, containers, a grant and
 * an item for the local cloud.
 */
export async function prepareTargets(): Promise<{
  readonly targets: readonly [PreparedTarget, PreparedTarget, PreparedTarget];
  remove(): void;
}> {
  const root = mkdtempSync(join(tmpdir(), "bench-"));
  const compileCache = join(root, "compile-cache");
  const target = (name: string, entry: string, firstRead: string): PreparedTarget => ({
    name,
    entry,
    directory: mkdtempSync(join(root, "target-")),
    compileCache,
    firstRead,
  });
  const floor = target("floor", "floor.ts", item);
  const ours = target("local-azure", "local-azure.ts", item);
  const peer = target("@vercel/cosmosdb-server", "vercel.ts", "/");
  for (const { directory } of [floor, peer]) await loadCertificates(directory, systemClock, randomIds);
  await run(process.execPath, [join(import.meta.dirname, "local-azure-state.ts"), ours.directory]);
  return {
    targets: [floor, ours, peer],
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
