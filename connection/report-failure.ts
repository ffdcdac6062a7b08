import colours from "picocolors";

/** Prints a failure and sets the exit code: message and fix where they are known, the stack of a defect otherwise. */
export function reportFailure(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof Error && "code" in error && "fix" in error) {
    console.error(
      `${colours.red(String(error.code))}: ${error.message}\n${colours.bold("Fix:")} ${String(error.fix)}`,
    );
  } else {
    console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
