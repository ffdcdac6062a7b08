/** A refusal by Graph; clients match on `code` and, some of them, on the message. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "GraphError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** 400 for a request that is not valid or not supported; the message names what. */
export function badRequest(message: string): GraphError {
  return new GraphError(400, "Request_BadRequest", message);
}

/** 403 for a caller whose permissions do not cover the request. */
export function denied(): GraphError {
  return new GraphError(
    403,
    "Authorization_RequestDenied",
    "Insufficient privileges to complete the operation.",
  );
}

/** 404 for an object that the directory does not have. */
export function notFound(id: string): GraphError {
  return new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id.slice(0, 200)}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** 400 for a property whose value another object has already. */
export function taken(property: string): GraphError {
  return badRequest(`Another object with the same value for property ${property} already exists.`);
}

/** The body of a refusal: https://learn.microsoft.com/graph/errors */
export function graphErrorBody(
  { code, message }: GraphError,
  trace: { readonly requestId: string; readonly clientRequestId: string; readonly at: Date },
): Readonly<Record<string, unknown>> {
  return {
    error: {
      code,
      message,
      innerError: {
        date: trace.at.toISOString().slice(0, 19),
        "request-id": trace.requestId,
        "client-request-id": trace.clientRequestId,
      },
    },
  };
}
