import { type Fault, settingPath } from "./faults.ts";
import { asMap, type RawMap } from "./raw.ts";
import type { HolderKind } from "./settings.ts";

/** The group of the people of a development environment; its settings have a section of their own. */
export const DEVELOPERS = "developers";

/** The sections whose keys name holders of grants, in the order in which a name is first taken. */
export const HOLDER_SECTIONS = {
  workloads: "workload",
  principals: "principal",
  applications: "application",
  identities: "identity",
  groups: "group",
} as const satisfies Readonly<Record<string, HolderKind>>;

/** Every holder that the settings declare, by name; leniently read. The first of a name that is taken twice counts. */
export function holderKindsByName(settings: RawMap): ReadonlyMap<string, HolderKind> {
  const kinds = new Map<string, HolderKind>();
  for (const [section, kind] of Object.entries(HOLDER_SECTIONS)) {
    for (const name of Object.keys(asMap(settings[section]))) if (!kinds.has(name)) kinds.set(name, kind);
  }
  if (settings.developers !== undefined) kinds.set(DEVELOPERS, "group");
  return kinds;
}

/** A holder's grants and where they stand. */
export interface WrittenHolder {
  readonly path: readonly string[];
  readonly value: RawMap;
}

/** Every holder as it is written, of all sections. */
export function writtenHolders(settings: RawMap): WrittenHolder[] {
  const named = Object.keys(HOLDER_SECTIONS).flatMap((section) =>
    Object.entries(asMap(settings[section])).map(([name, value]) => ({
      path: [section, name],
      value: asMap(value),
    })),
  );
  if (settings.developers === undefined) return named;
  return [...named, { path: [DEVELOPERS], value: asMap(settings.developers) }];
}

/** Finds names that two holders share: a grant, a caller and an output name their holder alone. */
export function sharedNameFaults(settings: RawMap): Fault[] {
  const taken = new Map<string, HolderKind>();
  return Object.entries(HOLDER_SECTIONS).flatMap(([section, kind]) =>
    Object.keys(asMap(settings[section])).flatMap((name) => {
      const path = settingPath([section, name]);
      const fix = `give the ${kind} another name, so that a grant says whose it is`;
      if (name === DEVELOPERS)
        return [{ path, problem: `"${name}" is the name of keyless-cosmos:developers`, fix }];
      const other = taken.get(name);
      if (other !== undefined) return [{ path, problem: `"${name}" is ${withArticle(other)} too`, fix }];
      taken.set(name, kind);
      return [];
    }),
  );
}

function withArticle(kind: HolderKind): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}
