import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { likeMatcher } from "./like.ts";

/** LIKE by trying every split, for patterns of literals, `%`, `_` and one-character sets. */
function bruteForce(pattern: readonly string[], text: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === "";
  if (first === "%") {
    return Array.from({ length: text.length + 1 }, (_, index) => text.slice(index)).some((tail) =>
      bruteForce(rest, tail),
    );
  }
  const head = text.charAt(0);
  const holds =
    first === "_" ||
    first === head ||
    (first === "[ab]" && "ab".includes(head)) ||
    (first === "[^a-b]" && !"ab".includes(head));
  return text !== "" && holds && bruteForce(rest, text.slice(1));
}

describe("LIKE", () => {
  test.each<[string, string, string, boolean]>([
    ["", "", "", true],
    ["%", "", "", true],
    ["_", "", "", false],
    ["a%c", "abbbc", "", true],
    ["a%c", "abbb", "", false],
    ["A", "a", "", false],
    ["20-30[%]", "20-30%", "", true],
    ["[_]n", "_n", "", true],
    ["[_]n", "an", "", false],
    ["[ [ ]", "[", "", true],
    ["]", "]", "", true],
    ["[a-c-]", "-", "", true],
    ["[^a-c]", "d", "", true],
    ["[^a-c]", "", "", false],
    ["[a", "[a", "", true],
    ["%20^%%", "20% off", "^", true],
    ["%20^%%", "20 off", "^", false],
    ["!_", "_", "!", true],
    ["a\nb", "a\nb", "", true],
  ])("'%s' against '%s' (escape '%s')", (pattern, text, escaping, expected) => {
    expect(likeMatcher(pattern, escaping)(text)).toBe(expected);
  });

  test("agrees with trying every way to match", () => {
    const pattern = fc.array(fc.constantFrom("a", "b", "c", "%", "_", "[ab]", "[^a-b]"), { maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 });
    fc.assert(
      fc.property(pattern, text, (parts, subject) => {
        expect(likeMatcher(parts.join(""), "")(subject)).toBe(bruteForce(parts, subject));
      }),
      { numRuns: 2_000 },
    );
  });

  test("many wildcards against a long text do not explode", () => {
    expect(likeMatcher("%a".repeat(200), "")("a".repeat(20_000))).toBe(true);
    expect(likeMatcher(`${"%a".repeat(200)}b`, "")("a".repeat(20_000))).toBe(false);
  });
});
