import { checkTextLength } from "../frame.ts";
import { regexMatcher } from "../pattern/regex.ts";
import { define, type FunctionDefinition, type FunctionTable } from "./definition.ts";

/** REPLICATE gives undefined for a longer result. Source: the service's documentation of REPLICATE. */
const longestReplica = 10_000;

function defineText(evaluate: (text: string) => unknown): FunctionDefinition {
  return define(1, 1, ([text]) => (typeof text === "string" ? evaluate(text) : undefined));
}

/** A test of two strings with an optional third argument that makes case irrelevant. */
function defineTest(test: (text: string, part: string) => boolean): FunctionDefinition {
  return define(2, 3, ([text, part, ignoreCase = false]) => {
    if (typeof text !== "string" || typeof part !== "string" || typeof ignoreCase !== "boolean")
      return undefined;
    return ignoreCase ? test(text.toLowerCase(), part.toLowerCase()) : test(text, part);
  });
}

/** The rules of the service for SUBSTRING, LEFT and RIGHT; `start` and `length` count UTF-16 units. */
function substring(text: unknown, start: unknown, length: unknown): string | undefined {
  if (typeof text !== "string" || !Number.isInteger(start) || !Number.isInteger(length)) return undefined;
  const from = Number(start);
  const count = Number(length);
  return from < 0 || count <= 0 ? "" : text.slice(from, from + count);
}

function defineTrim(leading: boolean, trailing: boolean): FunctionDefinition {
  return define(1, 2, ([text, characters]) => {
    if (typeof text !== "string" || (characters !== undefined && typeof characters !== "string"))
      return undefined;
    const isTrimmed = (character: string) =>
      characters === undefined ? character.trim() === "" : characters.includes(character);
    let start = 0;
    let end = text.length;
    while (leading && start < end && isTrimmed(text.charAt(start))) start += 1;
    while (trailing && end > start && isTrimmed(text.charAt(end - 1))) end -= 1;
    return text.slice(start, end);
  });
}

function indexOf([text, part, start = 0]: readonly unknown[]): number | undefined {
  if (typeof text !== "string" || typeof part !== "string" || !Number.isInteger(start)) return undefined;
  const from = Number(start);
  return from < 0 || from > text.length ? -1 : text.indexOf(part, from);
}

function replace([text, part, replacement]: readonly unknown[]): string | undefined {
  if (typeof text !== "string" || typeof part !== "string" || typeof replacement !== "string")
    return undefined;
  if (part === "") return undefined;
  const pieces = text.split(part);
  checkTextLength(text.length + (pieces.length - 1) * (replacement.length - part.length));
  return pieces.join(replacement);
}

function replicate([text, times]: readonly unknown[]): string | undefined {
  if (typeof text !== "string" || typeof times !== "number" || times < 0) return undefined;
  const count = Math.trunc(times);
  return text.length * count > longestReplica ? undefined : text.repeat(text === "" ? 0 : count);
}

function concat(texts: readonly unknown[]): string | undefined {
  return texts.every((text) => typeof text === "string") ? joined(texts, "") : undefined;
}

function join([texts, separator]: readonly unknown[]): string | undefined {
  if (!Array.isArray(texts) || typeof separator !== "string") return undefined;
  return texts.every((text) => typeof text === "string") ? joined(texts, separator) : undefined;
}

function joined(texts: readonly string[], separator: string): string {
  checkTextLength(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
  return texts.join(separator);
}

function split([text, separator]: readonly unknown[]): string[] | undefined {
  if (typeof text !== "string" || typeof separator !== "string") return undefined;
  return separator === "" ? [text] : text.split(separator);
}

function regexMatch([text, pattern, flags = ""]: readonly unknown[]): boolean | undefined {
  if (typeof text !== "string" || typeof pattern !== "string" || typeof flags !== "string") return undefined;
  return regexMatcher(pattern, flags)(text);
}

/** String functions. Positions and lengths count UTF-16 units; arguments of a wrong type give undefined. */
export const stringFunctions: FunctionTable = new Map<string, FunctionDefinition>([
  ["CONCAT", define(2, Number.POSITIVE_INFINITY, concat)],
  ["CONTAINS", defineTest((text, part) => text.includes(part))],
  ["ENDSWITH", defineTest((text, part) => text.endsWith(part))],
  ["STARTSWITH", defineTest((text, part) => text.startsWith(part))],
  ["STRINGEQUALS", defineTest((text, part) => text === part)],
  ["STRING_EQUALS", defineTest((text, part) => text === part)],
  ["INDEX_OF", define(2, 3, indexOf)],
  ["LEFT", define(2, 2, ([text, length]) => substring(text, 0, length))],
  [
    "RIGHT",
    define(2, 2, ([text, length]) =>
      typeof text === "string" && Number.isInteger(length)
        ? substring(text, Math.max(text.length - Number(length), 0), text.length)
        : undefined,
    ),
  ],
  ["LENGTH", defineText((text) => text.length)],
  ["LOWER", defineText((text) => text.toLowerCase())],
  ["UPPER", defineText((text) => text.toUpperCase())],
  ["LTRIM", defineTrim(true, false)],
  ["RTRIM", defineTrim(false, true)],
  ["TRIM", defineTrim(true, true)],
  ["REPLACE", define(3, 3, replace)],
  ["REPLICATE", define(2, 2, replicate)],
  ["REVERSE", defineText((text) => [...text].reverse().join(""))],
  ["SUBSTRING", define(3, 3, ([text, start, length]) => substring(text, start, length))],
  ["REGEXMATCH", define(2, 3, regexMatch)],
  ["STRINGJOIN", define(2, 2, join)],
  ["STRINGSPLIT", define(2, 2, split)],
]);
