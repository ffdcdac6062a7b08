import colours from "picocolors";

/** A fault with a way out, shown without a stack trace; `code` is its entry in docs/errors.md. */
export class DeploymentError extends Error {
  readonly code: string;
  readonly fix: string;

  constructor(code: string, message: string, fix: string) {
    super(message);
    this.name = "DeploymentError";
    this.code = code;
    this.fix = fix;
  }
}

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
