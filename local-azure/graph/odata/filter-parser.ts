import {
  type ComparisonOperator,
  type Filter,
  FilterSyntaxError,
  type Literal,
  type PropertyPath,
  type Token,
  type TokenKind,
  tokenize,
} from "./filter-syntax.ts";

const comparisons = new Set(["eq", "ne", "gt", "ge", "lt", "le"]);
const literalKinds: ReadonlySet<TokenKind> = new Set(["text", "number", "guid", "time"]);
const constants: Readonly<Record<string, Literal>> = { true: true, false: false, null: null };
/** Filters of clients are a few clauses; nesting beyond this only spends the stack. */
const deepest = 25;

/**
 * Parses a `$filter`. Precedence as in OData: comparisons and functions, then `not`, `and`, `or`.
 *
 * @throws FilterSyntaxError with the position of the first fault.
 */
export function parseFilter(filter: string): Filter {
  const tokens = tokenize(filter);
  let next = 0;
  let depth = 0;

  const peek = () => tokens[next] ?? { kind: "end" as const, text: "", position: filter.length };
  const fault = ({ kind, text, position }: Token) =>
    new FilterSyntaxError(
      kind === "end"
        ? `Expression expected at position ${position} in '${filter}'.`
        : `Syntax error: '${text.slice(0, 50)}' is not expected at position ${position} in '${filter}'.`,
    );
  const take = () => {
    const token = peek();
    next += 1;
    return token;
  };
  const isKeyword = (token: Token, word: string) =>
    token.kind === "name" && token.text.toLowerCase() === word;
  const isSign = (token: Token, sign: string) => token.kind === "sign" && token.text === sign;
  const expectSign = (sign: string) => {
    const token = take();
    if (!isSign(token, sign)) throw fault(token);
  };

  const nested = <T>(read: () => T): T => {
    depth += 1;
    if (depth > deepest) {
      throw new FilterSyntaxError(`The filter is nested more than ${deepest} levels deep.`);
    }
    const result = read();
    depth -= 1;
    return result;
  };

  const joined = (word: "and" | "or", operand: () => Filter) => {
    let left = operand();
    while (isKeyword(peek(), word)) {
      take();
      left = { kind: word, left, right: operand() };
    }
    return left;
  };
  const disjunction = (): Filter => joined("or", conjunction);
  const conjunction = (): Filter => joined("and", negation);
  const negation = (): Filter => {
    if (!isKeyword(peek(), "not")) return clause();
    take();
    return { kind: "not", operand: nested(negation) };
  };
  const clause = (): Filter => {
    if (!isSign(peek(), "(")) return named();
    take();
    const inner = nested(disjunction);
    expectSign(")");
    return inner;
  };

  const named = (): Filter => {
    const word = peek().text.toLowerCase();
    const isCall = isSign(tokens[next + 1] ?? peek(), "(");
    if (isCall && (word === "startswith" || word === "endswith")) return affix(word);
    const path = propertyPath();
    if (isSign(peek(), "(")) return lambda(path);
    const operator = take();
    if (isKeyword(operator, "in")) return { kind: "in", path, values: list() };
    if (operator.kind !== "name" || !comparisons.has(operator.text.toLowerCase())) throw fault(operator);
    return {
      kind: "compare",
      operator: operator.text.toLowerCase() as ComparisonOperator,
      path,
      value: literal(),
    };
  };

  const affix = (end: "startswith" | "endswith"): Filter => {
    take();
    expectSign("(");
    const path = propertyPath();
    expectSign(",");
    const token = take();
    if (token.kind !== "text") throw fault(token);
    expectSign(")");
    return { kind: "affix", end, path, value: token.text };
  };

  const lambda = (path: PropertyPath): Filter => {
    const [first = "", ...more] = path.slice(0, -1);
    if (path.at(-1)?.toLowerCase() !== "any" || first === "") throw fault(peek());
    expectSign("(");
    const variable = take();
    if (variable.kind !== "name") throw fault(variable);
    expectSign(":");
    const condition = nested(disjunction);
    expectSign(")");
    return { kind: "any", path: [first, ...more], variable: variable.text, condition };
  };

  const propertyPath = (): PropertyPath => {
    const names: [string, ...string[]] = [name()];
    while (isSign(peek(), "/")) {
      take();
      names.push(name());
    }
    return names;
  };
  const name = () => {
    const token = take();
    if (token.kind !== "name") throw fault(token);
    return token.text;
  };

  const list = (): readonly Literal[] => {
    expectSign("(");
    const values = [literal()];
    while (isSign(peek(), ",")) {
      take();
      values.push(literal());
    }
    expectSign(")");
    return values;
  };
  const literal = (): Literal => {
    const token = take();
    if (token.kind === "number") return Number(token.text);
    if (literalKinds.has(token.kind)) return token.text;
    const constant = token.kind === "name" ? constants[token.text.toLowerCase()] : undefined;
    if (constant === undefined) throw fault(token);
    return constant;
  };

  const parsed = disjunction();
  if (peek().kind !== "end") throw fault(peek());
  return parsed;
}
