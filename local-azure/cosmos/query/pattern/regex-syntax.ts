import { QueryError, unsupported } from "../errors.ts";

/** Whether a set of characters has this UTF-16 unit, given as a string of length 1. */
export type CharacterTest = (character: string) => boolean;

export type Assertion = "start" | "end" | "lineStart" | "lineEnd" | "boundary" | "noBoundary";

/** The parsed form of a regular expression. */
export type RegexNode =
  | { readonly type: "character"; readonly test: CharacterTest }
  | { readonly type: "assertion"; readonly assertion: Assertion }
  | { readonly type: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly type: "choice"; readonly options: readonly RegexNode[] }
  | { readonly type: "repeat"; readonly node: RegexNode; readonly minimum: number; readonly maximum: number };

/** The modifiers of REGEXMATCH: multiline, dot matches line ends, case does not count, blanks are ignored. */
export interface RegexFlags {
  readonly m: boolean;
  readonly s: boolean;
  readonly i: boolean;
  readonly x: boolean;
}

const deepest = 50;
const isDigit: CharacterTest = (character) => character >= "0" && character <= "9";
const isSpace: CharacterTest = (character) => /\s/.test(character);
/** Letters, digits and the underscore, as `\w` has them. */
export const isWord: CharacterTest = (character) => /\w/.test(character);

const classes: Readonly<Record<string, CharacterTest>> = {
  d: isDigit,
  D: (character) => !isDigit(character),
  s: isSpace,
  S: (character) => !isSpace(character),
  w: isWord,
  W: (character) => !isWord(character),
};
const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", 0: "\0" };

/** Parses a regular expression without backreferences and lookaround. @throws QueryError */
export function parseRegex(pattern: string, flags: RegexFlags): RegexNode {
  return new RegexParser(pattern, flags).parse();
}

class RegexParser {
  private readonly pattern: string;
  private readonly flags: RegexFlags;
  private position = 0;
  private depth = 0;

  constructor(pattern: string, flags: RegexFlags) {
    this.pattern = pattern;
    this.flags = flags;
  }

  parse(): RegexNode {
    const node = this.choice();
    if (this.position < this.pattern.length) throw this.invalid("unmatched ')'");
    return node;
  }

  private peek(text: string): boolean {
    return this.pattern.startsWith(text, this.position);
  }

  private take(text: string): boolean {
    if (!this.peek(text)) return false;
    this.position += text.length;
    return true;
  }

  private invalid(reason: string): QueryError {
    return new QueryError(`The regular expression of RegexMatch is invalid: ${reason}.`, "SC2064");
  }

  private choice(): RegexNode {
    const options = [this.sequence()];
    while (this.take("|")) options.push(this.sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { type: "choice", options };
  }

  private sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.position < this.pattern.length && !this.peek("|") && !this.peek(")")) {
      if (this.flags.x && /\s/.test(this.pattern.charAt(this.position))) {
        this.position += 1;
        continue;
      }
      parts.push(this.quantified(this.atom()));
    }
    return { type: "sequence", parts };
  }

  private quantified(node: RegexNode): RegexNode {
    const counts = /\{(\d{1,6})(,(\d{0,6}))?\}/y;
    counts.lastIndex = this.position;
    const [text, low, comma, high] = counts.exec(this.pattern) ?? [];
    let minimum = 0;
    let maximum = Number.POSITIVE_INFINITY;
    if (text !== undefined) {
      this.position += text.length;
      minimum = Number(low);
      maximum = comma === undefined ? minimum : high ? Number(high) : maximum;
      if (maximum < minimum) throw this.invalid("a quantifier's bounds are out of order");
    } else if (this.take("+")) minimum = 1;
    else if (this.take("?")) maximum = 1;
    else if (!this.take("*")) return node;
    if (this.take("+")) throw unsupported("A possessive quantifier in RegexMatch");
    this.take("?");
    if (this.peek("*") || this.peek("+") || this.peek("?")) throw this.invalid("nothing to repeat");
    return { type: "repeat", node, minimum, maximum };
  }

  private atom(): RegexNode {
    const character = this.pattern.charAt(this.position);
    this.position += 1;
    switch (character) {
      case "(":
        return this.group();
      case "[":
        return { type: "character", test: this.set() };
      case ".":
        return { type: "character", test: this.flags.s ? () => true : (c) => c !== "\n" && c !== "\r" };
      case "^":
        return { type: "assertion", assertion: this.flags.m ? "lineStart" : "start" };
      case "$":
        return { type: "assertion", assertion: this.flags.m ? "lineEnd" : "end" };
      case "*":
      case "+":
      case "?":
        throw this.invalid("nothing to repeat");
      case "\\":
        if (this.take("b")) return { type: "assertion", assertion: "boundary" };
        if (this.take("B")) return { type: "assertion", assertion: "noBoundary" };
        return { type: "character", test: this.escape().test };
      default:
        return { type: "character", test: this.literal(character).test };
    }
  }

  private group(): RegexNode {
    if (this.take("?")) {
      const isNamed = /^<[A-Za-z_]\w*>/.exec(this.pattern.slice(this.position, this.position + 64));
      if (isNamed !== null) this.position += isNamed[0].length;
      else if (!this.take(":")) throw unsupported("Lookaround or an inline modifier in RegexMatch");
    }
    this.depth += 1;
    if (this.depth > deepest) throw this.invalid(`groups nest deeper than ${deepest} levels`);
    const node = this.choice();
    this.depth -= 1;
    if (!this.take(")")) throw this.invalid("missing ')'");
    return node;
  }

  /** After a backslash: a class, or one character (`literal`). */
  private escape(): { test: CharacterTest; literal?: string } {
    const character = this.pattern.charAt(this.position);
    if (character === "") throw this.invalid("a backslash at the end");
    this.position += 1;
    const known = classes[character];
    if (known !== undefined) return { test: known };
    if (/[1-9]/.test(character) || character === "k") throw unsupported("A backreference in RegexMatch");
    if (/[pP]/.test(character)) throw unsupported("A Unicode property class in RegexMatch");
    const code = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(
      this.pattern.slice(this.position - 1, this.position + 4),
    );
    const digits = code?.[1] ?? code?.[2];
    if (digits !== undefined) this.position += digits.length;
    else if (/[A-Za-z]/.test(character) && controls[character] === undefined) {
      throw this.invalid(`unknown escape '\\${character}'`);
    }
    const literal =
      digits === undefined
        ? (controls[character] ?? character)
        : String.fromCharCode(Number.parseInt(digits, 16));
    return this.literal(literal);
  }

  private set(): CharacterTest {
    const negated = this.take("^");
    const tests: CharacterTest[] = [];
    for (let first = true; first || !this.peek("]"); first = false) {
      if (this.position >= this.pattern.length) throw this.invalid("missing ']'");
      const low = this.setCharacter();
      if (
        low.literal !== undefined &&
        this.peek("-") &&
        !this.peek("-]") &&
        this.position + 1 < this.pattern.length
      ) {
        this.position += 1;
        const from = low.literal;
        const to = this.setCharacter().literal;
        if (to === undefined || to < from) throw this.invalid("a range in [] is out of order");
        tests.push(this.foldCase((c) => c >= from && c <= to));
      } else {
        tests.push(low.test);
      }
    }
    this.position += 1;
    return (c) => tests.some((test) => test(c)) !== negated;
  }

  private setCharacter(): { test: CharacterTest; literal?: string } {
    if (this.take("\\")) return this.escape();
    const literal = this.pattern.charAt(this.position);
    this.position += 1;
    return this.literal(literal);
  }

  private literal(literal: string): { test: CharacterTest; literal: string } {
    return { test: this.foldCase((c) => c === literal), literal };
  }

  /** Widens a test to both cases where case does not count; a negated set is negated after that. */
  private foldCase(test: CharacterTest): CharacterTest {
    if (!this.flags.i) return test;
    return (c) => test(c) || test(c.toLowerCase()) || test(c.toUpperCase());
  }
}
