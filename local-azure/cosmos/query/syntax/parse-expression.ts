import { limitExceeded } from "../errors.ts";
import type { Expression } from "./ast.ts";
import type { ParserContext } from "./context.ts";
import { binaryPrecedence, comparisonPrecedence } from "./operators.ts";
import { parsePrimary } from "./parse-primary.ts";
import { maximumDepth } from "./token-stream.ts";

/**
 * Parses one scalar expression at the current token: the ternary operator, then `??`, OR, AND, NOT,
 * comparisons, and arithmetic by precedence.
 *
 * @throws QueryError for anything that is not an expression
 */
export function parseExpression(context: ParserContext): Expression {
  return context.tokens.nested(() => {
    const { tokens } = context;
    const condition = parseCoalesce(context);
    if (!tokens.takeSymbol("?")) return condition;
    const whenTrue = parseExpression(context);
    tokens.expectSymbol(":");
    return { type: "conditional", condition, whenTrue, otherwise: parseExpression(context) };
  });
}

function parseCoalesce(context: ParserContext): Expression {
  let left = parseLogical(context, "OR");
  for (let count = 0; context.tokens.takeSymbol("??"); count++) {
    limitChain(count);
    left = { type: "coalesce", left, right: parseLogical(context, "OR") };
  }
  return left;
}

/** A chain of one operator is one flat node, so that a thousand conditions do not nest a thousand deep. */
function parseLogical(context: ParserContext, operator: "AND" | "OR"): Expression {
  const parseOperand = () => (operator === "OR" ? parseLogical(context, "AND") : parseNot(context));
  const first = parseOperand();
  if (!context.tokens.isKeyword(operator)) return first;
  const operands = [first];
  while (context.tokens.takeKeyword(operator)) operands.push(parseOperand());
  return { type: "logical", operator, operands };
}

function parseNot(context: ParserContext): Expression {
  if (!context.tokens.takeKeyword("NOT")) return parseBinary(context, comparisonPrecedence);
  return { type: "unary", operator: "NOT", operand: context.tokens.nested(() => parseNot(context)) };
}

function parseBinary(context: ParserContext, minimum: number): Expression {
  const { tokens } = context;
  let left = parseUnary(context);
  for (let count = 0; ; count++) {
    limitChain(count);
    if (minimum <= comparisonPrecedence) {
      const predicate = parsePredicate(context, left);
      if (predicate !== undefined) {
        left = predicate;
        continue;
      }
    }
    const token = tokens.peek();
    const entry =
      token.kind === "symbol" ? binaryPrecedence.get(token.text === "<>" ? "!=" : token.text) : undefined;
    if (entry === undefined || entry.precedence < minimum) return left;
    tokens.next();
    const right = tokens.nested(() => parseBinary(context, entry.precedence + 1));
    left = { type: "binary", operator: entry.operator, left, right };
  }
}

/** `[NOT] IN (…)`, `[NOT] BETWEEN … AND …` and `[NOT] LIKE … [ESCAPE …]` after their first operand. */
function parsePredicate(context: ParserContext, operand: Expression): Expression | undefined {
  const { tokens } = context;
  const negated = tokens.isKeyword("NOT");
  const ahead = negated ? 1 : 0;
  if (!["IN", "BETWEEN", "LIKE"].some((word) => tokens.isKeyword(word, ahead))) return undefined;
  if (negated) tokens.next();
  const word = tokens.next().text;
  const predicate =
    word === "IN"
      ? parseIn(context, operand)
      : word === "LIKE"
        ? parseLike(context, operand)
        : parseBetween(context, operand);
  return negated ? { type: "unary", operator: "NOT", operand: predicate } : predicate;
}

function parseIn(context: ParserContext, operand: Expression): Expression {
  context.tokens.expectSymbol("(");
  const list: Expression[] = [];
  do list.push(parseExpression(context));
  while (context.tokens.takeSymbol(","));
  context.tokens.expectSymbol(")");
  return { type: "in", operand, list };
}

function parseBetween(context: ParserContext, operand: Expression): Expression {
  const bound = () => context.tokens.nested(() => parseBinary(context, comparisonPrecedence + 1));
  const low = bound();
  context.tokens.expectKeyword("AND");
  return { type: "between", operand, low, high: bound() };
}

function parseLike(context: ParserContext, operand: Expression): Expression {
  const part = () => context.tokens.nested(() => parseBinary(context, comparisonPrecedence + 1));
  const pattern = part();
  return { type: "like", operand, pattern, escape: context.tokens.takeWord("ESCAPE") ? part() : undefined };
}

function parseUnary(context: ParserContext): Expression {
  const { tokens } = context;
  for (const operator of ["-", "+", "~"] as const) {
    if (tokens.takeSymbol(operator)) {
      return { type: "unary", operator, operand: tokens.nested(() => parseUnary(context)) };
    }
  }
  return parseMembers(context, parsePrimary(context));
}

/** `.name`, `[index]` and `["name"]` after an expression. */
function parseMembers(context: ParserContext, primary: Expression): Expression {
  const { tokens } = context;
  let object = primary;
  for (let count = 0; ; count++) {
    limitChain(count);
    if (tokens.takeSymbol(".")) {
      object = { type: "member", object, index: { type: "literal", value: tokens.expectName().text } };
    } else if (tokens.takeSymbol("[")) {
      object = { type: "member", object, index: parseExpression(context) };
      tokens.expectSymbol("]");
    } else {
      return object;
    }
  }
}

/** Operators of one chain nest to the left, one level each. */
function limitChain(count: number): void {
  if (count > maximumDepth) {
    throw limitExceeded(`More than ${maximumDepth} operators follow each other without parentheses.`);
  }
}
