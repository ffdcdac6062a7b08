import { GraphError } from "../graph-error.ts";
import { parseFilter } from "./filter-parser.ts";
import {
  type ComparisonOperator,
  type Filter,
  FilterSyntaxError,
  type Literal,
  type PropertyPath,
} from "./filter-syntax.ts";

type Properties = Readonly<Record<string, unknown>>;

/** How a property may be filtered: a key by `eq` and `in`; a text also by its beginning; times also by order; texts with `any`. */
export type FilterableKind = "key" | "text" | "flag" | "time" | "texts";

/** The filterable properties of a type. */
export type Filterable = Readonly<Record<string, FilterableKind>>;

export interface FilterContext {
  /** The type's name in Graph, `application`. */
  readonly type: string;
  readonly filterable: Filterable;
  /** Whether the request asked for an advanced query: `ConsistencyLevel: eventual` with `$count=true`. */
  readonly advanced: boolean;
}

export type Matches = (object: Properties) => boolean;

const longest = 4096;
/** https://learn.microsoft.com/graph/filter-query-parameter */
const mostClauses = 15;
const helpPage = "https://aka.ms/graph-docs/advanced-queries";

/**
 * Reads a `$filter` into a test for objects as Graph shows them. Texts compare without case, as the directory's do.
 *
 * @throws GraphError 400 for text that is no filter, for a property that the type does not have or that cannot be
 * filtered like this, and for an operator that only advanced queries have.
 */
export function readFilter(text: string, context: FilterContext): Matches {
  if (text.length > longest) throw invalid(`The filter is longer than ${longest} characters.`);
  let filter: Filter;
  try {
    filter = parseFilter(text);
  } catch (error) {
    throw error instanceof FilterSyntaxError ? invalid(error.message) : error;
  }
  if (clauses(filter) > mostClauses) {
    throw unsupported(
      `Too many child clauses specified in search filter expression: ${clauses(filter)}. Max allowed: ${mostClauses}.`,
    );
  }
  return compile(filter, context);
}

function compile(filter: Filter, context: FilterContext): Matches {
  switch (filter.kind) {
    case "and":
    case "or": {
      const [left, right] = [compile(filter.left, context), compile(filter.right, context)];
      return filter.kind === "and"
        ? (object) => left(object) && right(object)
        : (object) => left(object) || right(object);
    }
    case "not": {
      requireAdvanced("Not", context);
      const operand = compile(filter.operand, context);
      return (object) => !operand(object);
    }
    case "any":
      return compileAny(filter, context);
    default: {
      const { name, kind } = propertyOf(filter.path, context);
      const test = compileTest(filter, kind, name, context);
      return (object) => test(object[name]);
    }
  }
}

type Leaf = Exclude<Filter, { kind: "and" | "or" | "not" | "any" }>;

/** A test of one value; `name` is the property's, for refusals. */
function compileTest(
  filter: Leaf,
  kind: FilterableKind,
  name: string,
  context: FilterContext,
): (value: unknown) => boolean {
  const refused = () =>
    unsupported(
      `Unsupported or invalid query filter clause specified for property '${name}' of resource '${resourceName(context)}'.`,
    );
  if (kind === "texts") throw refused();
  if (filter.kind === "in") {
    if (kind === "flag") throw refused();
    const wanted = filter.values.map((value) => fold(requireKind(value, kind, refused)));
    return (value) => wanted.includes(fold(value));
  }
  if (filter.kind === "affix") {
    if (kind !== "text") throw refused();
    if (filter.end === "endswith") requireAdvanced("endsWith", context);
    const wanted = filter.value.toLowerCase();
    return filter.end === "startswith"
      ? (value) => typeof value === "string" && value.toLowerCase().startsWith(wanted)
      : (value) => typeof value === "string" && value.toLowerCase().endsWith(wanted);
  }
  const { operator } = filter;
  if (operator === "ne") requireAdvanced("NotEqualsMatch", context);
  else if (operator !== "eq" && kind !== "text" && kind !== "time") throw refused();
  const wanted = fold(requireKind(filter.value, kind, refused));
  return (value) => orders[operator](fold(value), wanted);
}

const orders: Readonly<Record<ComparisonOperator, (value: Literal, wanted: Literal) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  ne: (value, wanted) => value !== wanted,
  gt: (value, wanted) => value !== null && wanted !== null && value > wanted,
  ge: (value, wanted) => value !== null && wanted !== null && value >= wanted,
  lt: (value, wanted) => value !== null && wanted !== null && value < wanted,
  le: (value, wanted) => value !== null && wanted !== null && value <= wanted,
};

function compileAny(filter: Extract<Filter, { kind: "any" }>, context: FilterContext): Matches {
  const { name, kind } = propertyOf(filter.path, context);
  const { condition, variable } = filter;
  const isOnVariable = condition.kind === "compare" || condition.kind === "affix";
  if (kind !== "texts" || !isOnVariable || condition.path.join("/") !== variable) {
    throw unsupported(
      `Unsupported or invalid query filter clause specified for property '${name}' of resource '${resourceName(context)}'.`,
    );
  }
  const test = compileTest(condition, "text", name, context);
  return (object) => {
    const values = object[name];
    return Array.isArray(values) && values.some(test);
  };
}

function propertyOf(
  path: PropertyPath,
  { filterable, type }: FilterContext,
): { readonly name: string; readonly kind: FilterableKind } {
  const [name] = path;
  const kind = path.length === 1 && Object.hasOwn(filterable, name) ? filterable[name] : undefined;
  if (kind !== undefined) return { name, kind };
  throw invalid(
    `Could not find a property named '${path.join("/").slice(0, 100)}' on type 'microsoft.graph.${type}' that the local Graph can filter by; it can by ${Object.keys(filterable).join(", ")}.`,
  );
}

function requireKind(value: Literal, kind: FilterableKind, refused: () => GraphError): Literal {
  const fits = kind === "flag" ? typeof value === "boolean" : typeof value === "string";
  if (!fits && value !== null) throw refused();
  if (value === null || kind !== "time") return value;
  const time = new Date(String(value));
  if (Number.isNaN(time.getTime())) throw refused();
  return time.toISOString();
}

function requireAdvanced(operator: string, { advanced }: FilterContext): void {
  if (advanced) return;
  throw unsupported(
    `Operator: '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to ${helpPage} for more information`,
  );
}

function clauses(filter: Filter): number {
  if (filter.kind === "and" || filter.kind === "or") return clauses(filter.left) + clauses(filter.right);
  if (filter.kind === "not") return clauses(filter.operand);
  if (filter.kind === "any") return clauses(filter.condition);
  return filter.kind === "in" ? filter.values.length : 1;
}

function resourceName({ type }: FilterContext): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}

/** The directory compares texts without case; what is absent counts as null. */
function fold(value: unknown): Literal {
  if (typeof value === "string") return value.toLowerCase();
  return typeof value === "boolean" || typeof value === "number" ? value : null;
}

function invalid(message: string): GraphError {
  return new GraphError(400, "BadRequest", `Invalid filter clause: ${message}`);
}

function unsupported(message: string): GraphError {
  return new GraphError(400, "Request_UnsupportedQuery", message);
}
