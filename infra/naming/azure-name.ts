import { createHash } from "node:crypto";
import { type NamedType, NamingError, namingRule } from "./rules.ts";

const UNIQUE_LETTERS = 8;
const SHORTENED_LETTERS = 6;

/**
 * Names a resource. The same words always give the same name, so that an interrupted deployment finds again what it
 * made; words that read differently when joined give different names, also where they had to be shortened.
 *
 * @param type resource manager type, e.g. `Microsoft.Web/sites`.
 * @param words what tells this resource from its siblings, e.g. the deployment and the workload.
 * @param uniqueness what makes the deployment one of a kind in Azure; needed by types that are unique globally.
 * @returns lower-case words joined with hyphens, after the type's abbreviation and before a hash of `uniqueness`.
 * @throws {NamingError} for a type without a rule, without words, and for a global name without `uniqueness`.
 */
export function azureName(type: NamedType, words: readonly string[], uniqueness?: string): string {
  const rule = namingRule(type);
  if (words.length === 0) throw new NamingError(`A name for ${type} needs words that tell it from others.`);
  const global = rule.unique === "globally";
  if (global && uniqueness === undefined) {
    throw new NamingError(
      `A name for ${type} is unique in all of Azure and needs something unique to be made of.`,
    );
  }
  const suffix = global && uniqueness !== undefined ? [uniqueLetters(uniqueness)] : [];
  const room = rule.maximum - [rule.abbreviation, "", ...suffix].join("-").length;
  const name = [rule.abbreviation, shorten(words, room), ...suffix].join("-");
  if (name.length < rule.minimum || name.length > rule.maximum || !rule.pattern.test(name)) {
    throw new NamingError(
      `"${name}" is not a name for ${type}: ${rule.minimum} to ${rule.maximum} characters matching ${rule.pattern}.`,
    );
  }
  return name;
}

/** What sets the global names of one deployment apart from those of any other: eight letters. */
export function uniqueLetters(uniqueness: string): string {
  return digest(uniqueness, UNIQUE_LETTERS);
}

/** Joins words into at most `room` characters of `[a-z0-9-]`; adds a hash of the words where that loses something. */
function shorten(words: readonly string[], room: number): string {
  const clean = words
    .map((word) =>
      word
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, ""),
    )
    .filter((word) => word !== "")
    .join("-");
  if (clean === words.join("-") && clean.length <= room) return clean;
  const hash = digest(JSON.stringify(words), SHORTENED_LETTERS);
  const kept = clean.slice(0, room - SHORTENED_LETTERS - 1).replace(/-+$/, "");
  return kept === "" ? hash : `${kept}-${hash}`;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** The first letters of a SHA-256, in lower-case base 32. */
function digest(text: string, letters: number): string {
  const bytes = createHash("sha256").update(text).digest();
  return Array.from(bytes.subarray(0, letters), (byte) => LETTERS.charAt(byte % LETTERS.length)).join("");
}
