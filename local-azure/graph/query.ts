import { badRequest, GraphError } from "./graph-error.ts";
import type { Properties } from "./properties.ts";

/** The OData options of a request. */
export interface GraphQuery {
  readonly matches: (object: Properties) => boolean;
  /** Properties to answer; all of them when undefined. */
  readonly select: readonly string[] | undefined;
  readonly top: number;
  /** The object id after which this page begins. */
  readonly after: string | undefined;
}

const defaultPage = 100;
const largestPage = 999;
const supported = ["$filter", "$select", "$top", "$skiptoken"];

/**
 * Reads the query options of a list or of one object.
 *
 * @throws GraphError 400 that names an option or a filter that is not supported.
 */
export function readQuery(parameters: URLSearchParams): GraphQuery {
  for (const name of parameters.keys()) {
    if (name.startsWith("$") && !supported.includes(name)) {
      throw new GraphError(
        400,
        "Request_UnsupportedQuery",
        `The query option '${name.slice(0, 50)}' is not supported by the local Graph, which supports ${supported.join(", ")}.`,
      );
    }
  }
  const top = parameters.get("$top");
  if (top !== null && !(/^\d+$/.test(top) && Number(top) >= 1 && Number(top) <= largestPage)) {
    throw badRequest(
      `Invalid page size specified: '${top.slice(0, 20)}'. Must be between 1 and ${largestPage} inclusive.`,
    );
  }
  const filter = parameters.get("$filter");
  const token = parameters.get("$skiptoken");
  const select = parameters.get("$select");
  return {
    matches: filter === null ? () => true : readFilter(filter),
    select: select === null ? undefined : select.split(",").map((name) => name.trim()),
    top: top === null ? defaultPage : Number(top),
    after: token === null ? undefined : Buffer.from(token, "base64url").toString(),
  };
}

/** The properties that `$select` names; `@odata` annotations stay. */
export function selectProperties(object: Properties, select: readonly string[] | undefined): Properties {
  if (select === undefined) return object;
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => name.startsWith("@odata.") || select.includes(name)),
  );
}

const text = "'((?:[^']|'')*)'";
const equals = new RegExp(`^(id|appId|displayName|servicePrincipalType) eq ${text}$`);
const startsWith = new RegExp(`^startswith\\((displayName),\\s*${text}\\)$`, "i");
const anyEquals = new RegExp(
  `^(servicePrincipalNames|identifierUris|tags)/any\\((\\w+):\\s*\\2 eq ${text}\\)$`,
);

function readFilter(filter: string): GraphQuery["matches"] {
  const trimmed = filter.trim();
  const [, equalName = "", equalText = ""] = equals.exec(trimmed) ?? [];
  if (equalName !== "") {
    const wanted = unquote(equalText);
    return (object) => fold(object[equalName]) === wanted;
  }
  const [, startName = "", startText = ""] = startsWith.exec(trimmed) ?? [];
  if (startName !== "") {
    const wanted = unquote(startText);
    return (object) => fold(object.displayName).startsWith(wanted);
  }
  const [, listName = "", , listText = ""] = anyEquals.exec(trimmed) ?? [];
  if (listName !== "") {
    const wanted = unquote(listText);
    return (object) => {
      const list = object[listName];
      return Array.isArray(list) && list.some((item) => fold(item) === wanted);
    };
  }
  throw new GraphError(
    400,
    "Request_UnsupportedQuery",
    `The filter '${filter.slice(0, 200)}' is not supported by the local Graph, which supports id, appId, displayName and servicePrincipalType eq, startswith(displayName,…), and any(x:x eq …) over servicePrincipalNames, identifierUris and tags.`,
  );
}

/** The directory compares strings without case. */
function fold(value: unknown): string {
  return typeof value === "string" ? value.toLowerCase() : "";
}

function unquote(quoted: string): string {
  return quoted.replaceAll("''", "'").toLowerCase();
}
