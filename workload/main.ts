import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createWorkloadServer } from "./server.ts";
import { readSettings } from "./settings.ts";
import { openStore } from "./store.ts";

const settings = readSettings(process.env);
/** The package's version is the hash of its code, so that a deployment can tell whether it is already there. */
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as {
  version: string;
};
const server = createWorkloadServer(settings, openStore(settings), version);
server.listen(settings.port, () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ event: "listening", port, version }));
});
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => server.close(() => process.exit(0)));
