import { limitExceeded, QueryError } from "../errors.ts";
import type { Token } from "./tokens.ts";

/** How deep parentheses, subqueries and operators may nest; deeper would exhaust the stack later on. */
export const maximumDepth = 128;

/** A cursor over the tokens of one query, with the questions that a recursive-descent parser asks. */
export class TokenStream {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;

  /** @param tokens must end with an `end` token */
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** The token `ahead` places from here; the `end` token when there are none left. */
  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)];
    if (token === undefined) throw new QueryError("The query is empty.");
    return token;
  }

  /** Takes the current token. */
  next(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "symbol" && token.text === text;
  }

  isKeyword(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "keyword" && token.text === text;
  }

  /** Whether an unreserved word stands here, such as LIMIT; `text` in upper case. */
  isWord(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "identifier" && token.text.toUpperCase() === text;
  }

  takeSymbol(text: string): boolean {
    return this.isSymbol(text) && this.next() !== undefined;
  }

  takeKeyword(text: string): boolean {
    return this.isKeyword(text) && this.next() !== undefined;
  }

  takeWord(text: string): boolean {
    return this.isWord(text) && this.next() !== undefined;
  }

  expectSymbol(text: string): void {
    if (!this.takeSymbol(text)) throw this.unexpected(`'${text}'`);
  }

  expectKeyword(text: string): void {
    if (!this.takeKeyword(text)) throw this.unexpected(text);
  }

  /**
   * Takes a name: an alias, or a property after a dot.
   *
   * @throws QueryError that says how to write a reserved word as a property
   */
  expectName(): Token {
    const token = this.peek();
    if (token.kind === "identifier") return this.next();
    if (token.kind !== "keyword") throw this.unexpected("a name");
    throw this.unexpected(`a name; the reserved word ${token.text} is written in brackets, as in c["…"]`);
  }

  /** The error for the current token; `expected` says what would have been right. */
  unexpected(expected: string): QueryError {
    const token = this.peek();
    const found = token.kind === "end" ? "the end of the query" : `'${shorten(token.text)}'`;
    return new QueryError(
      `Syntax error, incorrect syntax near ${found} at position ${token.start}: expected ${expected}.`,
      "SC1001",
      token.start,
      token.end,
    );
  }

  /** Runs `parse` one level deeper. @throws QueryError beyond {@link maximumDepth} levels */
  nested<T>(parse: () => T): T {
    if (this.depth >= maximumDepth) {
      throw limitExceeded(`The query nests deeper than ${maximumDepth} levels.`);
    }
    this.depth += 1;
    try {
      return parse();
    } finally {
      this.depth -= 1;
    }
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
