import { rmSync } from "node:fs";
import { join } from "node:path";

/** Jest's global set-up: the route check must see the requests of this run alone. */
export default function clearRequests() {
  rmSync(join(import.meta.dirname, "..", "..", "reports", "requests"), { recursive: true, force: true });
}
