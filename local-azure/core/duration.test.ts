import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatDuration, isDuration, parseDuration } from "./duration.ts";

test.each([
  ["500ms", 500],
  ["20s", 20_000],
  ["1.5s", 1_500],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["90d", 7_776_000_000],
])("%s is %d milliseconds", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "20", "s", "-5s", "5 s", "5min", "1e3s", "20s!"])("%j is refused", (text) => {
  expect(isDuration(text)).toBe(false);
  expect(() => parseDuration(text)).toThrow(
    expect.objectContaining({
      code: "LA-DURATION",
      message: `"${text}" is not a duration.`,
      fix: "Write a number with its unit, for example 500ms, 20s, 5m, 1h30m or 90d.",
    }),
  );
});

test("what is written is read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e13 }), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
    }),
  );
  expect(formatDuration(5_400_000)).toBe("1h30m");
});
