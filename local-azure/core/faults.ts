import type { Store } from "./store.ts";
import { UserError } from "./user-error.ts";

/** Every way in which the local cloud can be made to misbehave, with what it does to its target. */
export const faultDescriptions = {
  "identity-endpoint":
    "The managed-identity endpoint of a site (its ARM id) answers 503, as when App Service is down.",
} as const;

export type FaultName = keyof typeof faultDescriptions;

/** A fault that is switched on. `target` is an ARM id in lower case. */
export interface Fault {
  readonly name: FaultName;
  readonly target: string;
}

/** Faults are kept in the store: they stay on through a restart, until an operator clears them. */
export interface Faults {
  /** @throws UserError LA-UNKNOWN-FAULT for a name that is not in `faultDescriptions`. */
  set(name: string, target: string): void;
  /** Answers whether the fault was on. */
  clear(name: string, target: string): boolean;
  list(): readonly Fault[];
  /** Targets compare without case and without trailing slashes, as ARM ids do. */
  isOn(name: FaultName, target: string): boolean;
}

export function openFaults(store: Store): Faults {
  store.addSchema(
    "CREATE TABLE IF NOT EXISTS faults (name TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (name, target)) STRICT",
  );
  const insert = store.database.prepare("INSERT OR IGNORE INTO faults (name, target) VALUES (?, ?)");
  const remove = store.database.prepare("DELETE FROM faults WHERE name = ? AND target = ?");
  const selectAll = store.database.prepare("SELECT name, target FROM faults ORDER BY name, target");
  const select = store.database.prepare("SELECT 1 FROM faults WHERE name = ? AND target = ?");
  return {
    set(name, target) {
      insert.run(known(name), key(target));
    },
    clear: (name, target) => Number(remove.run(known(name), key(target)).changes) > 0,
    list: () => selectAll.all().map((row) => ({ name: known(String(row.name)), target: String(row.target) })),
    isOn: (name, target) => select.get(name, key(target)) !== undefined,
  };
}

function known(name: string): FaultName {
  if (Object.hasOwn(faultDescriptions, name)) return name as FaultName;
  throw new UserError(
    "LA-UNKNOWN-FAULT",
    `There is no fault called "${name}".`,
    `Use one of: ${Object.keys(faultDescriptions).join(", ")}.`,
  );
}

function key(target: string): string {
  return target.replace(/\/+$/, "").toLowerCase();
}
