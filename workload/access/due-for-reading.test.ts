import { expect, test } from "@jest/globals";
import { isDueForReading } from "./due-for-reading.ts";

const day = 24 * 60 * 60_000;
const minute = 60_000;

test.each<[string, number | undefined, number, boolean]>([
  ["without an end", undefined, 100 * day, false],
  ["more than a day before its end", 10 * day, 9 * day - 1, false],
  ["a day before its end", 10 * day, 9 * day, true],
  ["after its end", 10 * day, 11 * day, true],
  ["on its last day, read less than five minutes ago", day, 5 * minute - 1, false],
  ["on its last day, read five minutes ago", day, 5 * minute, true],
])("a secret %s", (_, endsAt, now, due) => {
  expect(isDueForReading({ readAt: 0, endsAt }, now)).toBe(due);
});
