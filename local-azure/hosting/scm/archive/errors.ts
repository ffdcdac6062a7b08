/** A package that is not taken. The message is for its publisher: it names the entry and the rule. */
export class ArchiveError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ArchiveError";
  }
}
