import type { Store } from "./store.ts";
import { UserError } from "./user-error.ts";

/** One way in which the local cloud can be made to misbehave. */
interface FaultKind {
  /** What it does, for people. */
  readonly text: string;
  /** What it is switched on for: one thing, anything or one thing, or the whole tenant. */
  readonly target: "one" | "any" | "tenant";
  /** The resource type whose names stand for their ARM ids as a target. */
  readonly targetType?: string;
  readonly takesDuration: boolean;
}

/** Every way in which the local cloud can be made to misbehave. */
export const faultKinds = {
  "identity-endpoint": {
    text: "The managed-identity endpoint of a site answers 503, as when App Service is down.",
    target: "one",
    targetType: "Microsoft.Web/sites",
    takesDuration: false,
  },
  "directory-replication": {
    text: "A directory object that was made less than this long ago is not found yet where Azure looks it up elsewhere: in Graph, and at role assignments.",
    target: "tenant",
    takesDuration: true,
  },
  "grant-propagation": {
    text: "A data-plane role assignment that is written, changed or deleted while this is on counts in the data plane only after this long; for every Cosmos DB account, or for one.",
    target: "any",
    targetType: "Microsoft.DocumentDB/databaseAccounts",
    takesDuration: true,
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof faultKinds;
/** The faults that last: each is on for a number of seconds. */
export type TimedFaultName = {
  [Name in FaultName]: (typeof faultKinds)[Name]["takesDuration"] extends true ? Name : never;
}[FaultName];

/** A fault that is switched on. */
export interface Fault {
  readonly name: FaultName;
  /** An ARM id in lower case; absent when the fault is on for the whole tenant. */
  readonly target?: string;
  /** How long it delays what it delays; absent for a fault that takes no duration. */
  readonly seconds?: number;
}

/**
 * The faults that are on. They are kept in the store, so that they outlast a restart until an operator clears them, and
 * held in memory, so that asking for one costs no read.
 */
export interface Faults {
  /** @throws UserError LA-UNKNOWN-FAULT, LA-FAULT-TARGET, LA-FAULT-DURATION, each with what the fault takes. */
  set(name: string, target?: string, seconds?: number): void;
  /** Answers whether the fault was on for this target; without one, for the whole tenant. */
  clear(name: string, target?: string): boolean;
  list(): readonly Fault[];
  /** Targets compare without case and without trailing slashes, as ARM ids do. */
  isOn(name: FaultName, target: string): boolean;
  /** How long the fault delays things: for `target`, where it is on for that alone; 0 when it is off. */
  seconds(name: TimedFaultName, target?: string): number;
  /** Reads again what another process wrote to the store. */
  reload(): void;
}

/** Where the whole tenant is the target. */
const everything = "";

const schema = `
CREATE TABLE IF NOT EXISTS faults (
  name TEXT NOT NULL,
  target TEXT NOT NULL,
  seconds REAL,
  PRIMARY KEY (name, target)
) STRICT;
`;

export function openFaults(store: Store): Faults {
  store.addSchema(schema);
  const upsert = store.database.prepare(
    "INSERT INTO faults (name, target, seconds) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seconds = excluded.seconds",
  );
  const remove = store.database.prepare("DELETE FROM faults WHERE name = ? AND target = ?");
  const selectAll = store.database.prepare("SELECT name, target, seconds FROM faults ORDER BY name, target");
  let on = new Map<string, Fault>();
  const reload = () => {
    on = new Map(selectAll.all().map((row) => [entryKey(String(row.name), String(row.target)), read(row)]));
  };
  reload();
  const find = (name: FaultName, target?: string) =>
    on.get(entryKey(name, targetKey(target))) ?? on.get(entryKey(name, everything));
  return {
    set(name, target, seconds) {
      const known = knownFault(name);
      checkArguments(known, target, seconds);
      upsert.run(known, targetKey(target), seconds ?? null);
      reload();
    },
    clear(name, target) {
      const { changes } = remove.run(knownFault(name), targetKey(target));
      reload();
      return Number(changes) > 0;
    },
    list: () => [...on.values()],
    isOn: (name, target) => find(name, target) !== undefined,
    seconds: (name, target) => find(name, target)?.seconds ?? 0,
    reload,
  };
}

/** @throws UserError LA-UNKNOWN-FAULT that lists the known ones. */
export function knownFault(name: string): FaultName {
  if (Object.hasOwn(faultKinds, name)) return name as FaultName;
  throw new UserError(
    "LA-UNKNOWN-FAULT",
    `There is no fault called "${name}".`,
    `Use one of: ${Object.keys(faultKinds).join(", ")}.`,
  );
}

function checkArguments(name: FaultName, target: string | undefined, seconds: number | undefined): void {
  const kind: FaultKind = faultKinds[name];
  if (kind.target === "one" && target === undefined) {
    throw new UserError(
      "LA-FAULT-TARGET",
      `The fault ${name} needs a target.`,
      `local-azure faults set ${name} <name or ARM id>`,
    );
  }
  if (kind.target === "tenant" && target !== undefined) {
    throw new UserError(
      "LA-FAULT-TARGET",
      `The fault ${name} takes no target: it is on for the whole tenant.`,
      `local-azure faults set ${name} <duration>`,
    );
  }
  if (kind.takesDuration && !(seconds !== undefined && seconds > 0 && Number.isFinite(seconds))) {
    throw new UserError(
      "LA-FAULT-DURATION",
      `The fault ${name} needs a duration.`,
      `local-azure faults set ${name}${kind.target === "any" ? " [target]" : ""} 20s`,
    );
  }
  if (!kind.takesDuration && seconds !== undefined) {
    throw new UserError(
      "LA-FAULT-DURATION",
      `The fault ${name} takes no duration: it is on until it is cleared.`,
      `local-azure faults set ${name} <name or ARM id>`,
    );
  }
}

function entryKey(name: string, target: string): string {
  return `${name} ${target}`;
}

function targetKey(target: string | undefined): string {
  return target === undefined ? everything : target.replace(/\/+$/, "").toLowerCase();
}

function read(row: Record<string, unknown>): Fault {
  const target = String(row.target);
  return {
    name: knownFault(String(row.name)),
    ...(target === everything ? {} : { target }),
    ...(typeof row.seconds === "number" ? { seconds: row.seconds } : {}),
  };
}
