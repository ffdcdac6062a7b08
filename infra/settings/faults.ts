import { configurationKey } from "./reading/raw.ts";

/** One thing that is wrong in the settings. */
export interface Fault {
  /** Where it stands, as a YAML path, e.g. `keyless-cosmos:workloads.orders-api.grants[0].role`. */
  readonly path: string;
  /** What is wrong there. */
  readonly problem: string;
  /** What to write instead. */
  readonly fix: string;
}

/** The settings cannot be used. Carries every fault that was found, sorted by path. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly faults: readonly Fault[];

  /**
   * @param source where the settings were read, for the first line: a file name or "the stack's configuration".
   * @param faults at least one fault.
   */
  constructor(source: string, faults: readonly Fault[]) {
    super(renderFaults(source, faults));
    this.faults = faults;
  }
}

/**
 * Renders faults for people, one paragraph each.
 *
 * @returns lines without a trailing line break.
 */
export function renderFaults(source: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const paragraphs = faults.map(
    ({ path, problem, fix }) => `  ${path}\n    wrong: ${problem}\n    fix:   ${fix}`,
  );
  return [`${count} in ${source}; nothing was registered:`, ...paragraphs].join("\n");
}

/** A key or index on the way to a value. */
export type PathSegment = string | number;

/**
 * Writes the path of a setting as it would be typed to `pulumi config set --path`: the configuration key first, then
 * keys after dots and indexes in brackets. Keys that are not plain words are quoted in brackets.
 *
 * @param path the section, e.g. `workloads`, then keys and indexes.
 */
export function settingPath([section = "", ...rest]: readonly PathSegment[]): string {
  const inside = rest.map((segment) => {
    if (typeof segment === "number") return `[${segment}]`;
    return /^[\w-]+$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
  });
  return `${configurationKey(String(section))}${inside.join("")}`;
}
