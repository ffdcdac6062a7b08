import { QueryError } from "../errors.ts";
import { reservedWords, symbols, type Token, type TokenKind } from "./tokens.ts";

/**
 * The condition that the service puts into a rewritten ORDER BY query for the client to replace. A client
 * that starts from the beginning replaces it with `true`, so it reads as that.
 */
const orderByFilterPlaceholder = "{documentdb-formattableorderbyquery-filter}";

const space = /[\s\u00a0\ufeff]+|--[^\n\r]*/y;
const identifier = /[\p{L}_$][\p{L}\p{M}\p{N}_$]*/uy;
const parameter = /@[\p{L}\p{N}_$]+/uy;
const number = /(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const wordAfterNumber = /[\p{L}_$]/uy;

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Splits a query into tokens. Blanks and `--` comments separate tokens and are dropped; the last token is
 * `end`.
 *
 * @throws QueryError at an unknown character, an unfinished string, a wrong escape or a number that runs
 * into a word.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: TokenKind, value: string, length: number): void => {
    tokens.push({ kind, text: value, start: position, end: position + length });
    position += length;
  };
  while (position < text.length) {
    const blank = match(space);
    if (blank !== undefined) {
      position += blank.length;
      continue;
    }
    const character = text.charAt(position);
    if (character === "'" || character === '"') {
      const { value, length } = readString(text, position);
      push("string", value, length);
      continue;
    }
    const word = match(identifier);
    if (word !== undefined) {
      const upper = word.toUpperCase();
      const reserved = reservedWords.has(upper);
      push(reserved ? "keyword" : "identifier", reserved ? upper : word, word.length);
      continue;
    }
    const digits = match(number);
    if (digits !== undefined) {
      push("number", digits, digits.length);
      if (match(wordAfterNumber) !== undefined) throw unexpected(text, position);
      continue;
    }
    const name = match(parameter);
    if (name !== undefined) {
      push("parameter", name, name.length);
      continue;
    }
    if (character === "{" && text.startsWith(orderByFilterPlaceholder, position)) {
      push("keyword", "TRUE", orderByFilterPlaceholder.length);
      continue;
    }
    const symbol = symbols.find((candidate) => text.startsWith(candidate, position));
    if (symbol === undefined) throw unexpected(text, position);
    push("symbol", symbol, symbol.length);
  }
  tokens.push({ kind: "end", text: "end of query", start: position, end: position });
  return tokens;
}

function unexpected(text: string, position: number): QueryError {
  const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
  return new QueryError(
    `Syntax error, invalid token '${character}' at position ${position}.`,
    "SC1010",
    position,
    position + character.length,
  );
}

function readString(text: string, start: number): { value: string; length: number } {
  const quote = text.charAt(start);
  let value = "";
  let position = start + 1;
  for (;;) {
    if (position >= text.length) {
      throw new QueryError(
        `Syntax error, the string that starts at position ${start} has no closing ${quote}.`,
        "SC1012",
        start,
        text.length,
      );
    }
    const character = text.charAt(position);
    if (character === quote) return { value, length: position + 1 - start };
    if (character !== "\\") {
      value += character;
      position += 1;
      continue;
    }
    const letter = text.charAt(position + 1);
    const hex = letter === "u" ? text.slice(position + 2, position + 6) : "";
    if (/^[0-9a-fA-F]{4}$/.test(hex)) {
      value += String.fromCharCode(Number.parseInt(hex, 16));
      position += 6;
      continue;
    }
    const plain = escapes[letter];
    if (plain === undefined) {
      throw new QueryError(
        `Syntax error, unknown escape '\\${letter}' in a string at position ${position}.`,
        "SC1011",
        position,
        position + 2,
      );
    }
    value += plain;
    position += 2;
  }
}
