import type { Expression, SelectQuery } from "./ast.ts";
import type { TokenStream } from "./token-stream.ts";

/**
 * What the parts of the parser share. Expressions contain queries and queries contain expressions, so each
 * part reaches the others through here.
 */
export interface ParserContext {
  readonly tokens: TokenStream;
  parseExpression(): Expression;
  parseQuery(): SelectQuery;
}
