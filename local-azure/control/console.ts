import { stderr } from "node:process";
import colours from "picocolors";
import { UserError } from "../core/user-error.ts";

/** Prints a fault of the user as its message and fix, anything else with its stack, and sets the exit code. */
export function reportFailure(error: unknown): void {
  if (error instanceof UserError) {
    stderr.write(`${colours.red(error.code)}: ${error.message}\n${colours.bold("Fix:")} ${error.fix}\n`);
  } else {
    stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  process.exitCode = 1;
}
