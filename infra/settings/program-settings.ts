import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "./faults.ts";
import { parseSettings } from "./parse.ts";
import type { Settings } from "./settings.ts";

/**
 * The settings of the stack that is being deployed. Reads all of its configuration, so that a mistyped key is found.
 *
 * @throws {pulumi.RunError} listing every fault, without a stack trace, before any resource is registered.
 */
export function readProgramSettings(): Settings {
  try {
    return parseSettings(pulumi.runtime.allConfig(), `the settings of stack ${pulumi.getStack()}`);
  } catch (error) {
    if (error instanceof SettingsError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
