import { crossCheck } from "./checks/cross-checks.ts";
import { faultsOf } from "./faults/schema-faults.ts";
import { type Fault, SettingsError } from "./faults.ts";
import { settingsFrom } from "./reading/from-written.ts";
import { gatherSettings, type RawMap } from "./reading/raw.ts";
import { settingsSchema } from "./schema/schema.ts";
import type { Settings } from "./settings.ts";

/**
 * Checks configuration and turns it into settings.
 *
 * @param configuration every configuration key with its namespace, e.g. `keyless-cosmos:environment`; values
 * structured or as JSON text, as Pulumi hands them over.
 * @param source where it was read, for the error.
 * @throws {SettingsError} with every fault there is.
 */
export function parseSettings(configuration: RawMap, source = "the settings"): Settings {
  const gathered = gatherSettings(configuration);
  const parsed = settingsSchema.safeParse(gathered, { reportInput: true });
  const faults = [...(parsed.success ? [] : faultsOf(parsed.error.issues)), ...crossCheck(gathered)];
  if (!parsed.success || faults.length > 0) throw new SettingsError(source, inOrder(faults));
  return settingsFrom(parsed.data);
}

/** Puts faults of one place next to each other, whichever check found them. */
function inOrder(faults: readonly Fault[]): Fault[] {
  return faults.toSorted((left, right) => left.path.localeCompare(right.path, "en", { numeric: true }));
}
