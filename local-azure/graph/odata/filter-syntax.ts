/** A value that a filter compares with. */
export type Literal = string | number | boolean | null;

/** The names of a property path, `api/requestedAccessTokenVersion` or a range variable of `any`. */
export type PropertyPath = readonly [string, ...string[]];

export type ComparisonOperator = "eq" | "ne" | "gt" | "ge" | "lt" | "le";

/** A parsed `$filter`: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html#sec_SystemQueryOptionfilter */
export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly operand: Filter }
  | {
      readonly kind: "compare";
      readonly operator: ComparisonOperator;
      readonly path: PropertyPath;
      readonly value: Literal;
    }
  | { readonly kind: "in"; readonly path: PropertyPath; readonly values: readonly Literal[] }
  | {
      readonly kind: "affix";
      readonly end: "startswith" | "endswith";
      readonly path: PropertyPath;
      readonly value: string;
    }
  | {
      readonly kind: "any";
      readonly path: PropertyPath;
      readonly variable: string;
      readonly condition: Filter;
    };

/** Text that is not a filter; the message says where. */
export class FilterSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FilterSyntaxError";
  }
}

export type TokenKind = "name" | "text" | "number" | "guid" | "time" | "sign" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As it stands in the filter; for a text, without its quotes. */
  readonly text: string;
  readonly position: number;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ["text", /'(?:[^']|'')*'/y],
  ["guid", /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/iy],
  ["time", /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?(?![\w-])/iy],
  ["number", /-?\d+(?:\.\d+)?(?![\w-])/y],
  ["name", /[A-Za-z_$]\w*(?:\.\w+)*/y],
  ["sign", /[(),/:]/y],
];

/** @throws FilterSyntaxError for a character that begins no token. */
export function tokenize(filter: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < filter.length) {
    if (/\s/.test(filter.charAt(position))) {
      position += 1;
      continue;
    }
    const token = readToken(filter, position);
    tokens.push(token);
    position = token.kind === "text" ? position + quotedLength(token.text) : position + token.text.length;
  }
  return [...tokens, { kind: "end", text: "", position }];
}

function readToken(filter: string, position: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const [found] = pattern.exec(filter) ?? [];
    if (found === undefined) continue;
    const text = kind === "text" ? found.slice(1, -1).replaceAll("''", "'") : found;
    return { kind, text, position };
  }
  throw new FilterSyntaxError(
    filter.charAt(position) === "'"
      ? `There is an unterminated string literal at position ${filter.length} in '${filter}'.`
      : `Syntax error: character '${filter.charAt(position)}' is not valid at position ${position} in '${filter}'.`,
  );
}

function quotedLength(text: string): number {
  return text.replaceAll("'", "''").length + 2;
}
