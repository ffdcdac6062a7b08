import type { Breach } from "../faults/breach.ts";
import { type Fault, type PathSegment, settingPath } from "../faults.ts";
import { HOLDER_SECTIONS } from "../reading/holders.ts";
import { asMap, type RawMap } from "../reading/raw.ts";
import { idBreach } from "./cosmos-rules.ts";

const SHORT_NAME = /^[a-z](?:-?[a-z0-9])*$/;
/** Leaves room in the name of a site, 60 characters, for the stack and what makes it unique. */
const MAX_HOLDER_NAME = 32;

/** Holds a name of ours against the form that fits into the names of Azure resources. */
export function shortNameBreach(name: string, maximum: number): Breach | undefined {
  if (SHORT_NAME.test(name) && name.length <= maximum) return undefined;
  return {
    problem: `"${name}" cannot be used as a name`,
    fix: `use lower-case letters, digits and single hyphens, a letter first, at most ${maximum} characters`,
  };
}

/** Finds names, which are keys in the settings, that Cosmos DB or Azure would not take. */
export function nameFaults(settings: RawMap): Fault[] {
  const databases = Object.entries(asMap(asMap(settings.cosmos).databases));
  return [
    ...[...Object.keys(HOLDER_SECTIONS), "roles"].flatMap((section) =>
      Object.keys(asMap(settings[section])).flatMap((name) =>
        faultAt([section, name], shortNameBreach(name, MAX_HOLDER_NAME)),
      ),
    ),
    ...databases.flatMap(([database, value]) => {
      const path = ["cosmos", "databases", database];
      return [
        ...faultAt(path, databaseNameBreach(database)),
        ...Object.keys(asMap(asMap(value).containers)).flatMap((container) =>
          faultAt([...path, "containers", container], idBreach(container)),
        ),
      ];
    }),
  ];
}

/** A database called `account` would turn a grant on it into one on everything. */
function databaseNameBreach(name: string): Breach | undefined {
  if (name !== "account") return idBreach(name);
  return {
    problem: "a grant's scope `account` means the whole account, so no database may have this name",
    fix: "name the database otherwise, e.g. accounts",
  };
}

function faultAt(path: readonly PathSegment[], breach: Breach | undefined): Fault[] {
  return breach === undefined ? [] : [{ path: settingPath(path), ...breach }];
}
