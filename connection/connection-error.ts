/** A fault between this machine and a cloud, with a way out; `code` is its entry in docs/errors.md. */
export class ConnectionError extends Error {
  readonly code: string;
  readonly fix: string;

  constructor(code: string, message: string, fix: string) {
    super(message);
    this.name = "ConnectionError";
    this.code = code;
    this.fix = fix;
  }
}
