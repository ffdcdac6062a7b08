/** A fault of a deployment with a way out; `code` is its entry in docs/errors.md. */
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
