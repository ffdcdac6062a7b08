import { openResourceStore } from "../arm/resource-store.ts";
import { changeState, readState } from "../control/state-change.ts";
import { openStateFolder } from "../control/state-folder.ts";
import { formatDuration, isDuration, parseDuration } from "../core/duration.ts";
import { type Fault, type FaultName, faultKinds, knownFault, openFaults } from "../core/faults.ts";
import type { Store } from "../core/store.ts";
import { UserError } from "../core/user-error.ts";

interface Output {
  readonly json: boolean;
}

/** Prints the faults that are on, or those that there are. */
export function listFaults({ json }: Output): void {
  const on = readState(openStateFolder(), (store) => openFaults(store).list());
  if (json) console.log(JSON.stringify(on));
  else if (on.length > 0) console.log(on.map(describe).join("\n"));
  else console.log(`No fault is on.\n${knownFaults()}`);
}

/** Every fault with what it takes and what it does, for `--help`. */
export function knownFaults(): string {
  const rows = Object.entries(faultKinds).map(([name, { target, takesDuration, text }]) => {
    const takes = { one: " <target>", any: " [target]", tenant: "" }[target];
    return `  ${name}${takes}${takesDuration ? " <duration>" : ""}\n    ${text}`;
  });
  return `Known faults:\n${rows.join("\n")}`;
}

/**
 * Switches a fault on: for a resource's name or ARM id, or for the whole tenant where the fault allows that; a duration
 * is the last argument. It is on from now, in a running cloud too, until it is cleared.
 */
export async function setFault(
  name: string,
  first: string | undefined,
  second: string | undefined,
  { json }: Output,
): Promise<void> {
  const { target, duration } = readArguments(knownFault(name), first, second);
  const seconds = duration === undefined ? undefined : parseDuration(duration) / 1000;
  const on = await changeState(openStateFolder(), (store) => {
    const id = target === undefined ? undefined : targetId(knownFault(name), target, store);
    const faults = openFaults(store);
    faults.set(name, id, seconds);
    return faults.list().find((fault) => fault.name === name && fault.target === id?.toLowerCase());
  });
  console.log(json ? JSON.stringify({ on }) : `On: ${on === undefined ? name : describe(on)}`);
}

/** Switches one fault off, those of one name, or all of them. */
export async function clearFault(
  name: string | undefined,
  target: string | undefined,
  { json }: Output,
): Promise<void> {
  const known = name === undefined ? undefined : knownFault(name);
  const off = await changeState(openStateFolder(), (store) => {
    const id =
      target === undefined || known === undefined
        ? undefined
        : targetId(known, target, store).replace(/\/+$/, "").toLowerCase();
    const faults = openFaults(store);
    const chosen = faults
      .list()
      .filter(
        (fault) => (known === undefined || fault.name === known) && (id === undefined || fault.target === id),
      );
    for (const fault of chosen) faults.clear(fault.name, fault.target);
    return chosen;
  });
  if (json) console.log(JSON.stringify({ off }));
  else
    console.log(
      off.length === 0 ? "No such fault was on." : off.map((one) => `Off: ${describe(one)}`).join("\n"),
    );
}

function describe({ name, target, seconds }: Fault): string {
  const duration = seconds === undefined ? "" : ` of ${formatDuration(seconds * 1000)}`;
  return `${name}${duration}${target === undefined ? "" : ` for ${target}`}`;
}

/** `[target] [duration]`: one argument that reads as a duration is one, for a fault that takes a duration. */
function readArguments(name: FaultName, first: string | undefined, second: string | undefined) {
  if (!faultKinds[name].takesDuration) return { target: first, duration: second };
  if (second !== undefined) return { target: first, duration: second };
  return first !== undefined && isDuration(first)
    ? { target: undefined, duration: first }
    : { target: first, duration: undefined };
}

/** The ARM id that a target means. */
function targetId(name: FaultName, target: string, store: Store): string {
  const kind = faultKinds[name];
  if (target.startsWith("/") || !("targetType" in kind)) return target;
  const resources = openResourceStore(store).list(kind.targetType);
  const found = resources.find((candidate) => candidate.name.toLowerCase() === target.toLowerCase());
  if (found !== undefined) return found.id;
  throw new UserError(
    "LA-UNKNOWN-TARGET",
    `There is no ${kind.targetType} called ${target}.`,
    `Use an ARM id, or one of: ${resources.map((candidate) => candidate.name).join(", ") || "(none is deployed)"}.`,
  );
}
