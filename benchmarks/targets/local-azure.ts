import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startCloud } from "../../local-azure/server.ts";
import { type Ready, reportReady } from "./report-usage.ts";

/** This project's cloud with everything on: token checks, data-plane RBAC, durable writes, the request log. */
const [, , directory = ""] = process.argv;
const cloud = await startCloud({ directory });
reportReady(JSON.parse(readFileSync(join(directory, "ready.json"), "utf8")) as Ready, () => {
  void cloud.stop().then(() => process.exit(0));
});
