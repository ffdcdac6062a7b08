import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { regexMatcher } from "./regex.ts";

describe("RegexMatch", () => {
  test.each<[string, string, string, boolean]>([
    ["", "", "", true],
    ["^$", "", "", true],
    ["b", "abc", "", true],
    ["^b", "abc", "", false],
    ["c$", "abc", "", true],
    ["a.c", "a\nc", "", false],
    ["a.c", "a\nc", "s", true],
    ["^b$", "a\nb\nc", "m", true],
    ["^b$", "a\nb\nc", "", false],
    ["ABC", "abc", "i", true],
    ["[^A-C]", "abc", "i", false],
    ["[^A-C]", "abcd", "i", true],
    ["a b # c", "ab#c", "x", true],
    ["^(?:ab|cd)+?$", "abcdab", "", true],
    ["^(?<year>\\d{4})-\\d{2}$", "2026-11", "", true],
    ["^\\d{2,3}$", "1234", "", false],
    ["^a{0}b{2,}$", "bbb", "", true],
    ["\\bcat\\b", "a cat.", "", true],
    ["\\Bcat", "a cat.", "", false],
    ["[\\]\\-x]", "-", "", true],
    ["[]a]", "]", "", true],
    ["[a-]", "-", "", true],
    ["[\\d\\s]", " ", "", true],
    ["\\x41\\u0042\\.", "AB.", "", true],
    ["{", "{", "", true],
    ["x{,2}", "x{,2}", "", true],
  ])("/%s/ against %j with '%s'", (pattern, text, flags, expected) => {
    expect(regexMatcher(pattern, flags)(text)).toBe(expected);
  });

  test("agrees with the engine of JavaScript", () => {
    const atom = fc.constantFrom(
      "a",
      "b",
      ".",
      "[ab]",
      "[^a]",
      "\\w",
      "\\b",
      "^",
      "$",
      "(?:ab)",
      "(a|b)",
      "(?:a|)",
    );
    const quantifier = fc.constantFrom("", "", "", "?", "*", "+", "{2}", "{1,2}", "{0,}", "*?");
    const piece = fc
      .tuple(atom, quantifier)
      .map(([part, times]) => (/^[\\^$]b?$/.test(part) ? part : part + times));
    const pattern = fc
      .array(fc.array(piece, { maxLength: 5 }), { minLength: 1, maxLength: 3 })
      .map((options) => options.map((pieces) => pieces.join("")).join("|"));
    const text = fc.string({ unit: fc.constantFrom("a", "b", "B", "c", "\n", " "), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, fc.constantFrom("", "i", "s", "m"), (expression, subject, flags) => {
        expect(regexMatcher(expression, flags)(subject)).toBe(new RegExp(expression, flags).test(subject));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([["(a+)+$"], ["(a|a)*$"], ["(a|aa)+$"], ["(.*)*(.*)*(.*)*x"], ["a*a*a*a*a*a*b"]])(
    "/%s/, which makes backtracking explode, is answered",
    (pattern) => {
      expect(regexMatcher(`^${pattern}`, "")(`${"a".repeat(5_000)}!`)).toBe(false);
    },
  );

  test.each<[string, string, string]>([
    ["(a", "", "The regular expression of RegexMatch is invalid: missing ')'."],
    ["a)", "", "The regular expression of RegexMatch is invalid: unmatched ')'."],
    ["*a", "", "The regular expression of RegexMatch is invalid: nothing to repeat."],
    ["a**", "", "The regular expression of RegexMatch is invalid: nothing to repeat."],
    ["[a", "", "The regular expression of RegexMatch is invalid: missing ']'."],
    ["[b-a]", "", "The regular expression of RegexMatch is invalid: a range in [] is out of order."],
    [
      "a{3,2}",
      "",
      "The regular expression of RegexMatch is invalid: a quantifier's bounds are out of order.",
    ],
    ["\\", "", "The regular expression of RegexMatch is invalid: a backslash at the end."],
    ["\\q", "", "The regular expression of RegexMatch is invalid: unknown escape '\\q'."],
    ["a", "g", "RegexMatch has no modifier 'g'."],
    ["(?=a)", "", "Lookaround or an inline modifier in RegexMatch is not supported."],
    ["(?<=a)b", "", "Lookaround or an inline modifier in RegexMatch is not supported."],
    ["(a)\\1", "", "A backreference in RegexMatch is not supported."],
    ["\\p{L}", "", "A Unicode property class in RegexMatch is not supported."],
    ["a++", "", "A possessive quantifier in RegexMatch is not supported."],
    ["(a{100}){100}", "", "The regular expression of RegexMatch is too large."],
    [
      `${"(".repeat(60)}a${")".repeat(60)}`,
      "",
      "The regular expression of RegexMatch is invalid: groups nest deeper than 50 levels.",
    ],
  ])("/%.30s/ with '%s' is refused", (pattern, flags, message) => {
    expect(() => regexMatcher(pattern, flags)).toThrow(message);
  });

  test("a huge text with a large expression is refused", () => {
    const matcher = regexMatcher("a{1000}b", "");
    expect(() => matcher("a".repeat(100_000))).toThrow(
      "RegexMatch: the text and the regular expression are too large together.",
    );
  });
});
