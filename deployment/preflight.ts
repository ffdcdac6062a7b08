import { connect } from "../connection/azure-cloud.ts";
import { type Fault, SettingsError } from "../infra/settings/faults.ts";
import { readConfiguration } from "../infra/settings/file.ts";
import { writtenObjectIds } from "../infra/settings/object-ids.ts";
import { parseSettings } from "../infra/settings/parse.ts";
import type { RawMap } from "../infra/settings/reading/raw.ts";
import { checkObjectIds, type DirectoryFindings } from "./directory-check.ts";
import { DeploymentError } from "./failure.ts";

/**
 * Checks a settings file against the program's own schema, so that a wrong setting never reaches the engine.
 *
 * @throws DeploymentError KC-SETTINGS with every fault.
 */
export function checkSettingsFile(source: string): void {
  refuseAny(source, settingsFaults(source, read(source)));
}

/**
 * Checks a settings file, and against the directory of the environment's cloud the object ids in it: what the settings
 * alone do not show.
 *
 * @param warn receives a sentence about what could not be checked.
 * @throws DeploymentError KC-SETTINGS with every fault of both.
 */
export async function preflight(source: string, warn: (sentence: string) => void): Promise<void> {
  const configuration = read(source);
  const { faults, warnings } = await directoryFindings(configuration);
  for (const warning of warnings) warn(warning);
  refuseAny(source, [...settingsFaults(source, configuration), ...faults]);
}

/** Whether a settings file holds anything that only the directory can tell right from wrong. */
export function needsDirectory(source: string): boolean {
  return writtenObjectIds(read(source)).length > 0;
}

async function directoryFindings(configuration: RawMap): Promise<DirectoryFindings> {
  const written = writtenObjectIds(configuration);
  return written.length === 0 ? { faults: [], warnings: [] } : checkObjectIds(written, connect());
}

function read(source: string): RawMap {
  try {
    return readConfiguration(source);
  } catch (error) {
    throw error instanceof SettingsError ? refusal(error) : error;
  }
}

function settingsFaults(source: string, configuration: RawMap): readonly Fault[] {
  try {
    parseSettings(configuration, source);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
}

function refuseAny(source: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw refusal(new SettingsError(source, faults));
}

function refusal(error: SettingsError): DeploymentError {
  return new DeploymentError("KC-SETTINGS", error.message, "Mend each of them as it says, then try again.");
}
