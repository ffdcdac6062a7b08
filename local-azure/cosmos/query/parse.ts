import { limitExceeded, QueryError, unsupported } from "./errors.ts";
import type { Count, OrderItem, Projection, SelectItem, SelectQuery } from "./syntax/ast.ts";
import type { ParserContext } from "./syntax/context.ts";
import { tokenize } from "./syntax/lexer.ts";
import { parseExpression } from "./syntax/parse-expression.ts";
import { parseSources } from "./syntax/parse-source.ts";
import { TokenStream } from "./syntax/token-stream.ts";

/** The longest query text in UTF-16 units; the service allows 512 KB. */
export const maximumQueryLength = 512 * 1024;

/** Clauses of other SQL dialects that end up where a clause or an alias could stand. */
const foreignClauses = ["HAVING", "UNION", "INTERSECT", "EXCEPT", "FETCH", "WITH", "FOR", "ON"];

/**
 * Parses a Cosmos DB for NoSQL query.
 *
 * @param text the query as the client sent it
 * @returns its syntax tree; names are not resolved yet
 * @throws QueryError that says what is wrong and where, names an unsupported construct, or refuses a text
 * longer than {@link maximumQueryLength} or nested too deeply
 */
export function parseQuery(text: string): SelectQuery {
  if (text.length > maximumQueryLength) {
    throw limitExceeded(
      `The query text has ${text.length} characters; at most ${maximumQueryLength} are allowed.`,
    );
  }
  const tokens = new TokenStream(tokenize(text));
  const context: ParserContext = {
    tokens,
    parseExpression: () => parseExpression(context),
    parseQuery: () => parseSelect(context),
  };
  const query = parseSelect(context);
  if (tokens.peek().kind !== "end") {
    const foreign = foreignClauses.find((word) => tokens.isWord(word));
    const { start, end } = tokens.peek();
    if (foreign !== undefined) throw unsupported(`The ${foreign} clause`, start, end);
    throw tokens.unexpected("the end of the query");
  }
  return query;
}

function parseSelect(context: ParserContext): SelectQuery {
  const { tokens } = context;
  tokens.expectKeyword("SELECT");
  const distinct = tokens.takeKeyword("DISTINCT");
  const top = tokens.takeKeyword("TOP") ? parseCount(context, "TOP") : undefined;
  const projection = parseProjection(context);
  const sources = tokens.takeKeyword("FROM") ? parseSources(context) : [];
  const where = tokens.takeKeyword("WHERE") ? parseExpression(context) : undefined;
  const groupBy = takeBy(context, "GROUP") ? parseGroupBy(context) : [];
  const orderBy = takeBy(context, "ORDER") ? parseOrderBy(context) : [];
  let offset: Count | undefined;
  let limit: Count | undefined;
  if (tokens.takeWord("OFFSET")) {
    offset = parseCount(context, "OFFSET");
    if (!tokens.takeWord("LIMIT")) throw tokens.unexpected("LIMIT, which must follow OFFSET");
    limit = parseCount(context, "LIMIT");
  }
  return { distinct, top, projection, sources, where, groupBy, orderBy, offset, limit };
}

function takeBy({ tokens }: ParserContext, word: "GROUP" | "ORDER"): boolean {
  if (!tokens.takeKeyword(word)) return false;
  tokens.expectKeyword("BY");
  if (tokens.isWord("RANK") && !tokens.isSymbol(".", 1) && !tokens.isSymbol("[", 1)) {
    const { start, end } = tokens.peek();
    throw unsupported("ORDER BY RANK (full-text search)", start, end);
  }
  return true;
}

function parseProjection(context: ParserContext): Projection {
  const { tokens } = context;
  const { start } = tokens.peek();
  if (tokens.takeSymbol("*")) return { type: "all", start };
  if (tokens.takeKeyword("VALUE")) return { type: "value", expression: parseExpression(context) };
  const items: SelectItem[] = [];
  do {
    const first = tokens.peek();
    const expression = parseExpression(context);
    const end = tokens.peek().start;
    items.push({ expression, alias: parseSelectAlias(context), start: first.start, end });
  } while (tokens.takeSymbol(","));
  return { type: "list", items };
}

function parseSelectAlias({ tokens }: ParserContext): string | undefined {
  if (tokens.takeKeyword("AS")) return tokens.expectName().text;
  const endsList = ["OFFSET", ...foreignClauses].some((word) => tokens.isWord(word));
  return tokens.peek().kind === "identifier" && !endsList ? tokens.next().text : undefined;
}

function parseGroupBy(context: ParserContext) {
  const expressions = [];
  do expressions.push(parseExpression(context));
  while (context.tokens.takeSymbol(","));
  return expressions;
}

function parseOrderBy(context: ParserContext): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const expression = parseExpression(context);
    const descending = context.tokens.takeKeyword("DESC");
    if (!descending) context.tokens.takeKeyword("ASC");
    items.push({ expression, descending });
  } while (context.tokens.takeSymbol(","));
  return items;
}

function parseCount({ tokens }: ParserContext, clause: string): Count {
  const token = tokens.peek();
  if (token.kind === "parameter") return { parameter: tokens.next().text };
  if (token.kind !== "number") throw tokens.unexpected(`a whole number or a parameter after ${clause}`);
  const value = Number(token.text);
  if (!Number.isSafeInteger(value)) {
    throw new QueryError(
      `${clause} must be a whole number, not ${token.text}.`,
      "SC2062",
      token.start,
      token.end,
    );
  }
  tokens.next();
  return { value };
}
