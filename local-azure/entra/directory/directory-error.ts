/** A write that the directory refuses. */
export class DirectoryError extends Error {
  readonly reason: "notFound" | "conflict" | "noApplication" | "limit";

  constructor(reason: DirectoryError["reason"], message: string) {
    super(message);
    this.name = "DirectoryError";
    this.reason = reason;
  }
}
