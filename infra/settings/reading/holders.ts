import { type Fault, settingPath } from "../faults.ts";
import { asMap, type RawMap } from "./raw.ts";

/** The group of the people of a development environment; its settings have a section of their own. */
export const DEVELOPERS = "developers";

/** The kinds of holder. */
type HolderKind = "workload" | "principal" | "application" | "identity" | "group";

/** The sections whose keys name holders of grants, in the order in which a name is first taken. */
export const HOLDER_SECTIONS = {
  workloads: "workload",
  principals: "principal",
  applications: "application",
  identities: "identity",
  groups: "group",
} as const satisfies Readonly<Record<string, HolderKind>>;

/** The names of all holders, each of which may be a caller; leniently read. */
export function holderNames(settings: RawMap): string[] {
  const names = Object.keys(HOLDER_SECTIONS).flatMap((section) => Object.keys(asMap(settings[section])));
  return [...new Set(settings.developers === undefined ? names : [...names, DEVELOPERS])];
}

/** Whether a holder is a group: one of the settings' own, or a principal that says so. */
export function isGroup(name: string, settings: RawMap): boolean {
  if (name === DEVELOPERS || name in asMap(settings.groups)) return true;
  return asMap(asMap(settings.principals)[name]).kind === "group";
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
