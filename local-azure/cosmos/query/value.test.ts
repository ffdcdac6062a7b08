import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareValues, equalValues, identityKey, typeOrder } from "./value.ts";

const leaf = fc.oneof(
  fc.constantFrom(null, true, false, 0, -0, 1, -1.5, "", "a", "A", "0", "null", "é", "\ud83d\ude00"),
  fc.integer({ min: -3, max: 3 }),
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "o", ""), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const value = fc.oneof(json, fc.constant(undefined));

describe("values", () => {
  test("types sort as the service sorts them", () => {
    const sorted = [undefined, null, false, true, -1, 2, "", "a", [], [1], {}, { a: 1 }];
    const shuffled = [7, 2, 9, 0, 11, 4, 1, 8, 3, 10, 5, 6].map((index) => sorted[index]);
    expect(shuffled.sort(compareValues)).toEqual(
      // Array.prototype.sort puts undefined last without asking.
      [...sorted.slice(1), undefined],
    );
    expect(compareValues(undefined, null)).toBeLessThan(0);
  });

  test("the order is total and agrees with equality", () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) + 0);
        if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0)
          expect(compareValues(a, c)).toBeLessThanOrEqual(0);
        expect(compareValues(a, b) === 0).toBe(equalValues(a, b));
        if (typeOrder(a) !== typeOrder(b)) expect(equalValues(a, b)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("identity keys are equal exactly for equal values", () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(identityKey(a) === identityKey(b)).toBe(equalValues(a, b));
      }),
      { numRuns: 5_000 },
    );
    expect(identityKey({ a: 1, b: [2] })).toBe(identityKey({ b: [2], a: 1 }));
    expect(identityKey({})).not.toBe(identityKey([]));
  });
});
