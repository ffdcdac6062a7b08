import { distance } from "fastest-levenshtein";

/**
 * The known name that a mistyped one most likely stands for.
 *
 * @returns the nearest of `known` by edit distance, whatever the case, or undefined when even that one differs in more than half of the
 * letters of the shorter, so that nobody is sent on a wrong track.
 */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const text = written.toLowerCase();
  const edits = known.map((name) => distance(text, name.toLowerCase()));
  const fewest = Math.min(...edits);
  const candidate = known[edits.indexOf(fewest)];
  return candidate !== undefined && fewest <= Math.ceil(Math.min(text.length, candidate.length) / 2)
    ? candidate
    : undefined;
}

/**
 * The fix for a name that is not known: the nearest known name, and all known ones.
 *
 * @param what the kind of thing in the singular, e.g. "key".
 */
export function suggest(written: string, known: readonly string[], what: string): string {
  const all = known.length > 0 ? `known ${what}s: ${known.join(", ")}` : `no ${what} is known here`;
  const candidate = nearest(written, known);
  return candidate === undefined ? `use a known ${what}; ${all}` : `did you mean "${candidate}"? (${all})`;
}
