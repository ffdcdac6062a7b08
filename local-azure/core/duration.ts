import { UserError } from "./user-error.ts";

const unitMilliseconds = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMilliseconds;

const wholeForm = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** Whether `text` has the form that `parseDuration` reads. */
export function isDuration(text: string): boolean {
  return wholeForm.test(text);
}

/**
 * Reads a duration as people write it on a command line: `500ms`, `20s`, `5m`, `1h30m`, `90d`.
 *
 * @returns milliseconds, at least 0.
 * @throws UserError LA-DURATION for anything else.
 */
export function parseDuration(text: string): number {
  if (!isDuration(text)) {
    throw new UserError(
      "LA-DURATION",
      `"${text}" is not a duration.`,
      "Write a number with its unit, for example 500ms, 20s, 5m, 1h30m or 90d.",
    );
  }
  return [...text.matchAll(part)].reduce(
    (total, [, amount, unit]) => total + Number(amount) * unitMilliseconds[unit as Unit],
    0,
  );
}

/** The form that `parseDuration` reads, in the largest units that hold it: 5400000 is `1h30m`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds);
  if (rest === 0) return "0s";
  const parts = (["d", "h", "m", "s", "ms"] as const).map((unit) => {
    const amount = Math.floor(rest / unitMilliseconds[unit]);
    rest -= amount * unitMilliseconds[unit];
    return amount === 0 ? "" : `${amount}${unit}`;
  });
  return parts.join("");
}
