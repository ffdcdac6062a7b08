import { StorageError, type StorageFault } from "../storage/errors.ts";

/** A refusal on the wire: `{code, message}` with its status and the header `x-ms-substatus`. */
export class CosmosError extends Error {
  readonly status: number;
  readonly code: string;
  readonly substatus: number;
  /** Further response headers, name and value in turn. */
  readonly headers: readonly string[];
  /** Further members of the body. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      readonly substatus?: number;
      readonly headers?: readonly string[];
      readonly details?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(message);
    this.name = "CosmosError";
    this.status = status;
    this.code = code;
    this.substatus = options.substatus ?? 0;
    this.headers = options.headers ?? [];
    this.details = options.details ?? {};
  }
}

export function badRequest(message: string, substatus = 0): CosmosError {
  return new CosmosError(400, "BadRequest", message, { substatus });
}

export function unauthorized(message: string, substatus = 0): CosmosError {
  return new CosmosError(401, "Unauthorized", message, { substatus });
}

export function forbidden(message: string, substatus = 0): CosmosError {
  return new CosmosError(403, "Forbidden", message, { substatus });
}

/** `ownerMissing`: the database or container that the path goes through is missing, not the thing asked for. */
export function notFound(ownerMissing = false): CosmosError {
  return ownerMissing
    ? new CosmosError(404, "NotFound", "Owner resource does not exist.", { substatus: 1003 })
    : new CosmosError(
        404,
        "NotFound",
        "Resource Not Found. Learn more: https://aka.ms/cosmosdb-tsg-not-found",
      );
}

/** Something that exists on Azure and not here. */
export function notSupported(what: string): CosmosError {
  return new CosmosError(501, "NotImplemented", `${what} is not supported by the local cloud.`);
}

const byFault: Readonly<Record<StorageFault, { status: number; code: string; substatus?: number }>> = {
  badItem: { status: 400, code: "BadRequest" },
  conflict: { status: 409, code: "Conflict" },
  notFound: { status: 404, code: "NotFound" },
  notModified: { status: 304, code: "NotModified" },
  partitionKeyMismatch: { status: 400, code: "BadRequest", substatus: 1001 },
  precondition: { status: 412, code: "PreconditionFailed" },
  tooLarge: { status: 413, code: "RequestEntityTooLarge" },
  uniqueKey: { status: 409, code: "Conflict" },
};

/** The wire form of anything that a stage threw; a fault of ours becomes 500 and says nothing of its inside. */
export function toCosmosError(error: unknown): CosmosError {
  if (error instanceof CosmosError) return error;
  if (error instanceof StorageError) {
    const { status, code, substatus = 0 } = byFault[error.fault];
    return new CosmosError(status, code, error.message, { substatus });
  }
  return new CosmosError(500, "InternalServerError", "The local cloud failed to serve this request.");
}
