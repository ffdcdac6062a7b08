import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { actionMatches } from "./action-pattern.ts";

test.each([
  ["*", "Microsoft.Web/sites/read", true],
  ["*/read", "Microsoft.DocumentDB/databaseAccounts/readonlykeys/read", true],
  ["*/read", "Microsoft.DocumentDB/databaseAccounts/readonlykeys/action", false],
  ["Microsoft.DocumentDb/databaseAccounts/*", "MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/LISTKEYS/ACTION", true],
  ["Microsoft.Authorization/*/Write", "Microsoft.Authorization/roleAssignments/write", true],
  ["Microsoft.Authorization/*/Write", "Microsoft.Authorization/write", false],
  ["Microsoft.Web/sites/read", "MicrosoftxWeb/sites/read", false],
  ["Microsoft.Web/sites/read", "Microsoft.Web/sites/read/more", false],
  ["ab*ba", "aba", false],
])("%s on %s is %s", (pattern, action, matches) => {
  expect(actionMatches(pattern, action)).toBe(matches);
});

/** Tries every length for each star, letter by letter. */
function bruteForce(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern[0] === "*") {
    for (let taken = 0; taken <= text.length; taken += 1) {
      if (bruteForce(pattern.slice(1), text.slice(taken))) return true;
    }
    return false;
  }
  return text !== "" && pattern[0] === text[0] && bruteForce(pattern.slice(1), text.slice(1));
}

test("agrees with trying every length for every star", () => {
  const letters = (all: readonly string[], maxLength: number) =>
    fc.array(fc.constantFrom(...all), { maxLength }).map((drawn) => drawn.join(""));
  fc.assert(
    fc.property(letters(["a", "b", "/", "*", "."], 7), letters(["a", "b", "/", "."], 9), (pattern, text) => {
      expect(actionMatches(pattern, text)).toBe(bruteForce(pattern, text));
      expect(actionMatches(pattern.toUpperCase(), text)).toBe(bruteForce(pattern, text));
    }),
    { numRuns: 5_000 },
  );
});
