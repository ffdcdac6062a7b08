import { QueryError } from "../errors.ts";

/** One place of a LIKE pattern: any run, any one character, `=` and a character, or a set of characters. */
type Place = "any" | "one" | `=${string}` | { readonly negated: boolean; readonly members: readonly Range[] };

interface Range {
  readonly low: string;
  readonly high: string;
}

const cache = new Map<string, (text: string) => boolean>();
const cacheSize = 256;
const longestCachedPattern = 1_000;

/**
 * The test for `text LIKE pattern ESCAPE escape`: `%` any run, `_` any one character, `[a-f]` and `[^a-f]`
 * one character of a set or outside it; a wildcard alone in brackets stands for itself. Characters are UTF-16
 * units and case counts. The time is at most the product of both lengths, whatever the pattern.
 *
 * @param escaping the character that makes the next one literal; empty for none
 * @throws QueryError when `escaping` has more than one character
 */
export function likeMatcher(pattern: string, escaping: string): (text: string) => boolean {
  const key = `${escaping.length}:${escaping}${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (escaping.length > 1) {
    throw new QueryError("The ESCAPE clause of LIKE takes a string of exactly one character.", "SC2063");
  }
  const places = parsePattern(pattern, escaping);
  const matcher = (text: string) => matches(places, text);
  if (pattern.length > longestCachedPattern) return matcher;
  const [oldest] = cache.keys();
  if (cache.size >= cacheSize && oldest !== undefined) cache.delete(oldest);
  cache.set(key, matcher);
  return matcher;
}

function parsePattern(pattern: string, escaping: string): Place[] {
  const places: Place[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === escaping && index + 1 < pattern.length) {
      index += 1;
      places.push(`=${pattern.charAt(index)}`);
    } else if (character === "%") {
      if (places.at(-1) !== "any") places.push("any");
    } else if (character === "_") {
      places.push("one");
    } else if (character === "[") {
      const set = parseSet(pattern, index, escaping);
      places.push(set === undefined ? "=[" : set.place);
      index = set?.end ?? index;
    } else {
      places.push(`=${character}`);
    }
  }
  return places;
}

/** Reads a set from its `[`; undefined when no `]` closes it, and then the bracket is a plain character. */
function parseSet(
  pattern: string,
  start: number,
  escaping: string,
): { place: Place; end: number } | undefined {
  let index = start + 1;
  const negated = pattern.charAt(index) === "^" && escaping !== "^";
  if (negated) index += 1;
  const characters: { text: string; literal: boolean }[] = [];
  for (; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === "]" && characters.length > 0) {
      return { place: { negated, members: toRanges(characters) }, end: index };
    }
    const escaped = character === escaping && index + 1 < pattern.length;
    if (escaped) index += 1;
    characters.push({ text: pattern.charAt(index), literal: escaped });
  }
  return undefined;
}

function toRanges(characters: readonly { text: string; literal: boolean }[]): Range[] {
  const ranges: Range[] = [];
  for (let index = 0; index < characters.length; index++) {
    const low = characters[index]?.text ?? "";
    const dash = characters[index + 1];
    const high = characters[index + 2];
    if (dash?.text === "-" && !dash.literal && high !== undefined) {
      ranges.push({ low, high: high.text });
      index += 2;
    } else {
      ranges.push({ low, high: low });
    }
  }
  return ranges;
}

function matchesOne(place: Place | undefined, character: string): boolean {
  if (place === "one") return true;
  if (place === undefined || place === "any") return false;
  if (typeof place === "string") return place.charAt(1) === character;
  return place.members.some(({ low, high }) => low <= character && character <= high) !== place.negated;
}

/** Greedy matching that returns to the last `%` only: an earlier one never needs to take more. */
function matches(places: readonly Place[], text: string): boolean {
  let place = 0;
  let position = 0;
  let lastAny = -1;
  let resumeAt = 0;
  while (position < text.length) {
    if (places[place] === "any") {
      lastAny = place;
      place += 1;
      resumeAt = position;
    } else if (matchesOne(places[place], text.charAt(position))) {
      place += 1;
      position += 1;
    } else if (lastAny >= 0) {
      resumeAt += 1;
      place = lastAny + 1;
      position = resumeAt;
    } else {
      return false;
    }
  }
  while (places[place] === "any") place += 1;
  return place === places.length;
}
