import { ErrorResponse } from "@azure/cosmos";

/** What a caller is told of a failed request: never a token, a stack or a header. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly substatus?: number };
}

/** A refusal by the workload itself. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** An answer of the workload; `headers` come on top of those that every answer has. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to whatever a handler threw; a refusal by Cosmos DB keeps its code and substatus. */
export function describeError(error: unknown): Answer & { readonly body: ErrorBody } {
  if (error instanceof HttpError) {
    const { status, code, message, headers } = error;
    return { status, body: { error: { code, message } }, headers };
  }
  if (error instanceof ErrorResponse && typeof error.code === "number") {
    const substatus = error.substatus === undefined ? {} : { substatus: error.substatus };
    return {
      // A 401 would tell the caller that their own token was refused.
      status: error.code === 401 ? 502 : error.code,
      body: { error: { code: "Cosmos", message: firstLine(error.message), ...substatus } },
    };
  }
  const message = error instanceof Error ? firstLine(error.message) : "Unknown failure";
  return { status: 502, body: { error: { code: "Dependency", message } } };
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}
