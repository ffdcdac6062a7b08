export type StorageFault =
  | "badItem"
  | "conflict"
  | "notFound"
  | "notModified"
  | "partitionKeyMismatch"
  | "precondition"
  | "tooLarge"
  | "uniqueKey";

/** Why the item store refused an operation; nothing of the operation was written. The data plane maps `fault` to HTTP. */
export class StorageError extends Error {
  readonly fault: StorageFault;

  constructor(fault: StorageFault, message: string) {
    super(message);
    this.name = "StorageError";
    this.fault = fault;
  }
}
