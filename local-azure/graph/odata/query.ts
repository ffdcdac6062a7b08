import { badRequest, GraphError } from "../graph-error.ts";
import { type Filterable, type Matches, readFilter } from "./filter-evaluation.ts";

/** The OData options of a request. */
export interface Query {
  readonly matches: Matches;
  /** Properties to answer; all of them when undefined. */
  readonly select: readonly string[] | undefined;
  readonly top: number;
  /** The object id after which this page begins. */
  readonly after: string | undefined;
  /** Whether the answer counts all objects that match. */
  readonly count: boolean;
}

export interface QueryContext {
  /** The type's name in Graph, for refusals. */
  readonly type: string;
  readonly filterable: Filterable;
  /** Whether the request has the header `ConsistencyLevel: eventual`. */
  readonly eventual: boolean;
}

const defaultPage = 100;
const largestPage = 999;
const supported = ["$filter", "$select", "$top", "$skiptoken", "$count"];
const pageToken = /^[\w.~-]{1,128}$/;

/**
 * Reads the query options of a list.
 *
 * @throws GraphError 400 that names an option or a filter that is not supported.
 */
export function readQuery(parameters: URLSearchParams, context: QueryContext): Query {
  requireOptions(parameters, supported);
  const count = readCount(parameters.get("$count"), context);
  const filter = parameters.get("$filter");
  return {
    count,
    matches:
      filter === null ? () => true : readFilter(filter, { ...context, advanced: context.eventual && count }),
    select: readSelect(parameters),
    top: readTop(parameters.get("$top")),
    after: readPageToken(parameters.get("$skiptoken")),
  };
}

/** The `$select` of a request for one object. @throws GraphError 400 for any other option. */
export function readSelectOnly(parameters: URLSearchParams): Query["select"] {
  requireOptions(parameters, ["$select"]);
  return readSelect(parameters);
}

/** What `$skiptoken` of the next page says: the last id of this one. */
export function pageTokenOf(lastId: string): string {
  return Buffer.from(lastId).toString("base64url");
}

/** The properties that `$select` names; `@odata` annotations stay. */
export function selectProperties(
  object: Readonly<Record<string, unknown>>,
  select: Query["select"],
): Readonly<Record<string, unknown>> {
  if (select === undefined) return object;
  const wanted = new Set(select.map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => name.startsWith("@odata.") || wanted.has(name.toLowerCase())),
  );
}

function requireOptions(parameters: URLSearchParams, known: readonly string[]): void {
  const names = [...parameters.keys()].filter((name) => name.startsWith("$"));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new GraphError(
      400,
      "Request_UnsupportedQuery",
      `The query option '${unknown.slice(0, 50)}' is not supported here by the local Graph, which supports ${known.join(", ")}.`,
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new GraphError(
      400,
      "BadRequest",
      `Query option '${repeated}' was specified more than once, but it must be specified at most once.`,
    );
  }
}

function readCount(count: string | null, { eventual }: QueryContext): boolean {
  if (count === null || count === "false") return false;
  if (count !== "true") {
    throw new GraphError(
      400,
      "BadRequest",
      `Invalid value '${count.slice(0, 20)}' for $count query option found.`,
    );
  }
  if (!eventual) throw badRequest("$count is not currently supported.");
  return true;
}

function readSelect(parameters: URLSearchParams): Query["select"] {
  const select = parameters.get("$select");
  if (select === null) return undefined;
  const names = select.split(",").map((name) => name.trim());
  const unreadable = names.find((name) => !/^[A-Za-z]\w*$/.test(name));
  if (unreadable === undefined) return names;
  throw new GraphError(
    400,
    "BadRequest",
    `Parsing OData Select and Expand failed: '${unreadable.slice(0, 50)}' is not the name of a property.`,
  );
}

function readTop(top: string | null): number {
  if (top === null) return defaultPage;
  if (/^\d+$/.test(top) && Number(top) >= 1 && Number(top) <= largestPage) return Number(top);
  throw badRequest(
    `Invalid page size specified: '${top.slice(0, 20)}'. Must be between 1 and ${largestPage} inclusive.`,
  );
}

function readPageToken(token: string | null): string | undefined {
  if (token === null) return undefined;
  const id = Buffer.from(token, "base64url").toString();
  if (pageToken.test(id) && pageTokenOf(id) === token) return id;
  throw new GraphError(
    400,
    "Directory_ExpiredPageToken",
    "The specified page token value has expired and can no longer be included in your request.",
  );
}
