/**
 * Why a query was refused. The data plane answers it with HTTP 400 and `code` "BadRequest".
 *
 * `sqlCode` follows the service's own numbering of query faults: SC1001 for syntax, SC2xxx for names and
 * constructs, SC3xxx for limits. `start` and `end` are offsets in UTF-16 units into the query text (`end`
 * exclusive); both are undefined when the fault has no place in the text, as with a parameter's value.
 */
export class QueryError extends Error {
  readonly code = "BadRequest";
  readonly sqlCode: string;
  readonly start: number | undefined;
  readonly end: number | undefined;

  constructor(message: string, sqlCode = "SC1001", start?: number, end?: number) {
    super(message);
    this.name = "QueryError";
    this.sqlCode = sqlCode;
    this.start = start;
    this.end = end;
  }
}

/** A query that is well formed but asks for something this engine does not do; `construct` names it. */
export function unsupported(construct: string, start?: number, end?: number): QueryError {
  return new QueryError(`${construct} is not supported.`, "SC2100", start, end);
}

/** A query that asks for more work, depth or data than one request may have. */
export function limitExceeded(what: string): QueryError {
  return new QueryError(what, "SC3001");
}
