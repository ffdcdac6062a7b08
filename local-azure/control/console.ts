import { stderr } from "node:process";
import colours from "picocolors";
import { UserError } from "../core/user-error.ts";

/**
 * Prints a fault of the user as its message and fix, anything else with its stack, on standard error, and sets the exit
 * code; as one JSON object for machines.
 */
export function reportFailure(error: unknown, { json }: { readonly json: boolean }): void {
  process.exitCode = 1;
  if (json) stderr.write(`${JSON.stringify({ error: describeFailure(error) })}\n`);
  else if (error instanceof UserError) {
    stderr.write(`${colours.red(error.code)}: ${error.message}\n${colours.bold("Fix:")} ${error.fix}\n`);
  } else stderr.write(`${describeFailure(error).message}\n`);
}

function describeFailure(error: unknown) {
  if (error instanceof UserError) {
    const { code, message, fix } = error;
    return { code, message, fix };
  }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
