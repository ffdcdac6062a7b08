import { closest, distance } from "fastest-levenshtein";

/**
 * The known name that a mistyped one most likely stands for.
 *
 * @returns the nearest of `known` by edit distance, or undefined when even that one differs in more than half of its
 * letters, so that nobody is sent on a wrong track.
 */
export function nearest(written: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(written.toLowerCase(), [...known]);
  const edits = distance(written.toLowerCase(), candidate.toLowerCase());
  return edits <= Math.ceil(candidate.length / 2) ? candidate : undefined;
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
