import { type PathSegment, settingPath } from "./faults.ts";
import { DEVELOPERS } from "./reading/holders.ts";
import { asList, asMap, gatherSettings, type RawMap } from "./reading/raw.ts";
import { isGuid } from "./schema/schema-rules.ts";

/** The object id of somebody in the directory, as it stands in the settings. */
export interface WrittenObjectId {
  readonly path: string;
  readonly id: string;
  /** What the settings take it for; a principal that is listed as a caller must say whether it is a group. */
  readonly use: "principal" | "calling principal" | "calling group" | "owner" | "member";
}

/**
 * Every object id in a configuration. Reads leniently, so that it can be checked beside the faults of the settings.
 *
 * @param configuration configuration keys with their namespace.
 */
export function writtenObjectIds(configuration: RawMap): WrittenObjectId[] {
  const settings = gatherSettings(configuration);
  const found: WrittenObjectId[] = [];
  const add = (path: readonly PathSegment[], id: unknown, use: WrittenObjectId["use"]) => {
    if (typeof id === "string" && isGuid(id))
      found.push({ path: settingPath(path), id: id.toLowerCase(), use });
  };
  const callers = new Set(
    Object.values(asMap(settings.workloads)).flatMap((workload) => asList(asMap(workload).callers)),
  );
  for (const [name, value] of Object.entries(asMap(settings.principals))) {
    const { objectId, kind } = asMap(value);
    const calling = kind === "group" ? "calling group" : "calling principal";
    add(["principals", name, "objectId"], objectId, callers.has(name) ? calling : "principal");
  }
  for (const [name, value] of Object.entries(asMap(settings.applications))) {
    asList(asMap(value).owners).forEach((id, index) => {
      add(["applications", name, "owners", index], id, "owner");
    });
  }
  for (const [name, value] of Object.entries(asMap(settings.groups))) {
    asList(asMap(value).members).forEach((id, index) => {
      add(["groups", name, "members", index], id, "member");
    });
  }
  asList(asMap(settings.developers).members).forEach((id, index) => {
    add([DEVELOPERS, "members", index], id, "member");
  });
  return found;
}
