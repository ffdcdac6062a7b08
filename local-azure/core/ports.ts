import { createServer } from "node:net";
import type { Store } from "./store.ts";
import { UserError } from "./user-error.ts";

/** Below every system's ephemeral range (Linux starts at 32768), so that no outgoing connection takes a kept port. */
const firstPort = 20_000;
const lastPort = 31_999;
const attempts = 200;

/** Ports are kept in the store, so that an endpoint written into a stack output stays true after a restart. */
export interface Ports {
  /** The port of `owner` (for example an ARM id): the kept one, or a free one that is kept from now on. */
  claim(owner: string): Promise<number>;
  /** The kept port of `owner`, without claiming one. */
  find(owner: string): number | undefined;
  release(owner: string): void;
}

/** Tells whether 127.0.0.1:`port` can be bound now. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host: "127.0.0.1", port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

export function openPorts(store: Store, randomInteger: (below: number) => number): Ports {
  store.addSchema(
    "CREATE TABLE IF NOT EXISTS ports (owner TEXT PRIMARY KEY, port INTEGER NOT NULL UNIQUE) STRICT",
  );
  const select = store.database.prepare("SELECT port FROM ports WHERE owner = ?");
  const insert = store.database.prepare("INSERT OR IGNORE INTO ports (owner, port) VALUES (?, ?)");
  const remove = store.database.prepare("DELETE FROM ports WHERE owner = ?");
  const find = (owner: string) => {
    const row = select.get(owner.toLowerCase());
    return row === undefined ? undefined : Number(row.port);
  };
  return {
    find,
    async claim(owner) {
      const kept = find(owner);
      if (kept !== undefined) return kept;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const candidate = firstPort + randomInteger(lastPort - firstPort + 1);
        if (!(await isPortFree(candidate))) continue;
        insert.run(owner.toLowerCase(), candidate);
        const claimed = find(owner);
        if (claimed !== undefined) return claimed;
      }
      throw new UserError(
        "LA-PORTS-EXHAUSTED",
        `No free port was found between ${firstPort} and ${lastPort} on 127.0.0.1.`,
        "Stop programs that listen in this range, then try again.",
      );
    },
    release(owner) {
      remove.run(owner.toLowerCase());
    },
  };
}
