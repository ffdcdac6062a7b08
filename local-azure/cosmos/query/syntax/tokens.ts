/** What a token is; `end` stands once, after the last token. */
export type TokenKind = "identifier" | "keyword" | "parameter" | "number" | "string" | "symbol" | "end";

/** One token of a query. */
export interface Token {
  readonly kind: TokenKind;
  /** Keywords in upper case, strings unescaped, parameters with their `@`, everything else as written. */
  readonly text: string;
  /** Offset of the first UTF-16 unit in the query text. */
  readonly start: number;
  /** Offset after the last UTF-16 unit. */
  readonly end: number;
}

/**
 * Words that cannot be an alias or stand after a dot: a property of such a name is written `c["value"]`.
 * From the keywords of the grammar in the .NET SDK (`sql.g4`); those that the service also takes as names
 * (LEFT, RIGHT, LIMIT, OFFSET, ESCAPE) are told apart by the parser where they stand.
 */
export const reservedWords: ReadonlySet<string> = new Set(
  (
    "AND ARRAY AS ASC BETWEEN BY DESC DISTINCT EXISTS FALSE FROM GROUP IN JOIN LIKE NOT NULL OR ORDER " +
    "SELECT TOP TRUE UDF UNDEFINED VALUE WHERE"
  ).split(" "),
);

/** Operators and punctuation, longest first so that the first match is the right one. */
export const symbols: readonly string[] = [
  ">>>",
  "??",
  "||",
  "<<",
  ">>",
  "<=",
  ">=",
  "!=",
  "<>",
  ..."=<>+-*/%|&^~?:,.()[]{}",
];
