import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createCallerGate } from "./callers/caller-gate.ts";
import { openIssuerKeys } from "./callers/issuer-keys.ts";
import { createFailureLog } from "./failures/access-failure.ts";
import { createWorkloadServer } from "./server.ts";
import { readSettings, SettingsFault, type WorkloadSettings } from "./settings.ts";
import { openStore } from "./store.ts";

function start(settings: WorkloadSettings): void {
  /** The package's version is the hash of its code, so that a deployment can tell whether it is already there. */
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as {
    version: string;
  };
  const log = createFailureLog({ write: (line) => console.log(line) });
  const server = createWorkloadServer({
    settings,
    store: openStore(settings, log),
    gate: createCallerGate(settings.callers, openIssuerKeys(settings.callers.issuer)),
    log,
    version,
  });
  server.listen(settings.port, () => {
    const { port } = server.address() as AddressInfo;
    console.log(JSON.stringify({ event: "listening", port, version }));
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => server.close(() => process.exit(0)));
}

try {
  start(readSettings(process.env));
} catch (error) {
  if (!(error instanceof SettingsFault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
