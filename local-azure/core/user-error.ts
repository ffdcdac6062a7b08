/**
 * A fault of the user's input or environment: it is shown as its message alone, without a stack trace.
 * `code` is the entry of docs/errors.md that explains it; `fix` says what to do next.
 */
export class UserError extends Error {
  readonly code: string;
  readonly fix: string;

  constructor(code: string, message: string, fix: string) {
    super(message);
    this.name = "UserError";
    this.code = code;
    this.fix = fix;
  }
}
