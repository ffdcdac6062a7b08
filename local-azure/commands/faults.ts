import { join } from "node:path";
import { openResourceStore } from "../arm/resource-store.ts";
import { openStateFolder } from "../control/state-folder.ts";
import { type Faults, faultDescriptions, openFaults } from "../core/faults.ts";
import { openStore, type Store } from "../core/store.ts";
import { UserError } from "../core/user-error.ts";

/** Prints the faults that are on; the running cloud reads them at each request, so no restart is needed. */
export function listFaults(options: { readonly json: boolean }): void {
  withFaults((faults) => {
    const on = faults.list();
    if (options.json) console.log(JSON.stringify(on));
    else if (on.length > 0) console.log(on.map(({ name, target }) => `${name} ${target}`).join("\n"));
    else {
      const known = Object.entries(faultDescriptions).map(([name, text]) => `  ${name}: ${text}`);
      console.log(`No fault is on. Known faults:\n${known.join("\n")}`);
    }
  });
}

/** Switches a fault on for a site's name or an ARM id. */
export function setFault(name: string, target: string, options: { readonly json: boolean }): void {
  withFaults((faults, store) => {
    const id = siteId(store, target);
    faults.set(name, id);
    console.log(options.json ? JSON.stringify({ on: { name, target: id } }) : `On: ${name} for ${id}`);
  });
}

/** Switches one fault off, those of one name, or all of them. */
export function clearFault(
  name: string | undefined,
  target: string | undefined,
  options: { readonly json: boolean },
): void {
  withFaults((faults, store) => {
    const id = target === undefined ? undefined : siteId(store, target).toLowerCase();
    const chosen = faults
      .list()
      .filter(
        (fault) => (name === undefined || fault.name === name) && (id === undefined || fault.target === id),
      );
    for (const fault of chosen) faults.clear(fault.name, fault.target);
    if (options.json) {
      console.log(JSON.stringify({ off: chosen }));
      return;
    }
    console.log(
      chosen.length === 0 ? "No such fault was on." : `Off: ${chosen.map((fault) => fault.name).join(", ")}`,
    );
  });
}

function withFaults(work: (faults: Faults, store: Store) => void): void {
  const store = openStore(join(openStateFolder().root, "state.sqlite"));
  try {
    work(openFaults(store), store);
  } finally {
    store.close();
  }
}

function siteId(store: Store, target: string): string {
  if (target.startsWith("/")) return target;
  const sites = openResourceStore(store).list("Microsoft.Web/sites");
  const site = sites.find((candidate) => candidate.name.toLowerCase() === target.toLowerCase());
  if (site !== undefined) return site.id;
  throw new UserError(
    "LA-UNKNOWN-SITE",
    `There is no site called ${target}.`,
    `Use an ARM id, or one of: ${sites.map((candidate) => candidate.name).join(", ") || "(none is deployed)"}.`,
  );
}
