import { unsupported } from "../errors.ts";
import type { Expression, SelectQuery } from "./ast.ts";
import type { ParserContext } from "./context.ts";

/** Words that begin constructs which the service has and this engine has not. */
const unsupportedWords: ReadonlySet<string> = new Set(["ALL", "FIRST", "LAST", "CASE", "CAST", "CONVERT"]);

/**
 * Parses a literal, parameter, name, function call, array, object, subquery or parenthesized expression.
 *
 * @throws QueryError for anything else, and for user-defined functions
 */
export function parsePrimary(context: ParserContext): Expression {
  const { tokens } = context;
  const token = tokens.peek();
  switch (token.kind) {
    case "number":
      return { type: "literal", value: Number(tokens.next().text) };
    case "string":
      return { type: "literal", value: tokens.next().text };
    case "parameter":
      return { type: "parameter", name: tokens.next().text };
    case "identifier":
      return parseName(context);
    case "keyword":
      return parseKeyword(context);
    case "symbol":
      if (tokens.takeSymbol("[")) return { type: "array", elements: parseList(context, "]") };
      if (tokens.takeSymbol("{")) return parseObject(context);
      if (tokens.takeSymbol("(")) return parseParenthesized(context);
  }
  throw tokens.unexpected("an expression");
}

function parseKeyword(context: ParserContext): Expression {
  const { tokens } = context;
  const token = tokens.peek();
  switch (token.text) {
    case "TRUE":
    case "FALSE":
      tokens.next();
      return { type: "literal", value: token.text === "TRUE" };
    case "NULL":
      tokens.next();
      return { type: "literal", value: null };
    case "UNDEFINED":
      tokens.next();
      return { type: "literal", value: undefined };
    case "EXISTS":
    case "ARRAY": {
      tokens.next();
      tokens.expectSymbol("(");
      const query = parseSubquery(context);
      tokens.expectSymbol(")");
      return { type: "subquery", kind: token.text, query };
    }
    case "UDF":
      throw unsupported("A user-defined function (udf.…)", token.start, token.end);
    default:
      throw tokens.unexpected("an expression");
  }
}

function parseName(context: ParserContext): Expression {
  const { tokens } = context;
  const { text, start, end } = tokens.next();
  const name = text.toUpperCase();
  if (unsupportedWords.has(name) && (tokens.isSymbol("(") || name === "CASE")) {
    throw unsupported(`The ${name} expression`, start, end);
  }
  if (!tokens.takeSymbol("(")) return { type: "identifier", name: text, start, end };
  if (name === "COUNT" && tokens.isSymbol("*") && tokens.isSymbol(")", 1)) {
    tokens.next();
    tokens.next();
    const one: Expression = { type: "literal", value: 1 };
    return { type: "call", name, written: text, parameters: [one], start, end };
  }
  return { type: "call", name, written: text, parameters: parseList(context, ")"), start, end };
}

function parseList(context: ParserContext, close: "]" | ")"): Expression[] {
  const elements: Expression[] = [];
  if (context.tokens.takeSymbol(close)) return elements;
  do elements.push(context.parseExpression());
  while (context.tokens.takeSymbol(","));
  context.tokens.expectSymbol(close);
  return elements;
}

function parseObject(context: ParserContext): Expression {
  const { tokens } = context;
  const properties: { name: string; value: Expression }[] = [];
  if (!tokens.takeSymbol("}")) {
    do {
      const name = tokens.peek().kind === "string" ? tokens.next().text : tokens.expectName().text;
      tokens.expectSymbol(":");
      properties.push({ name, value: context.parseExpression() });
    } while (tokens.takeSymbol(","));
    tokens.expectSymbol("}");
  }
  return { type: "object", properties };
}

function parseParenthesized(context: ParserContext): Expression {
  const { tokens } = context;
  const inner: Expression = tokens.isKeyword("SELECT")
    ? { type: "subquery", kind: "scalar", query: parseSubquery(context) }
    : context.parseExpression();
  tokens.expectSymbol(")");
  return inner;
}

function parseSubquery(context: ParserContext): SelectQuery {
  return context.tokens.nested(() => context.parseQuery());
}
