/** Moments as ticks of 100 ns since 1970-01-01T00:00:00Z, in years 1 to 9999. */

/** Parts of a date that the date functions name. */
export type Unit =
  | "year"
  | "month"
  | "day"
  | "hour"
  | "minute"
  | "second"
  | "millisecond"
  | "microsecond"
  | "nanosecond";

const unitNames: ReadonlyMap<string, Unit> = new Map(
  (
    [
      ["year", "yyyy", "yy"],
      ["month", "mm", "m"],
      ["day", "dd", "d"],
      ["hour", "hh"],
      ["minute", "mi", "n"],
      ["second", "ss", "s"],
      ["millisecond", "ms"],
      ["microsecond", "mcs"],
      ["nanosecond", "ns"],
    ] as const
  ).flatMap((names) => names.map((name): [string, Unit] => [name, names[0]])),
);

const ticksPerSecond = 10_000_000n;
/** Ticks of each unit that has a fixed length of at least one tick. */
const unitTicks = {
  day: 86_400n * ticksPerSecond,
  hour: 3_600n * ticksPerSecond,
  minute: 60n * ticksPerSecond,
  second: ticksPerSecond,
  millisecond: 10_000n,
  microsecond: 10n,
} as const;
const nanosecondsPerTick = 100n;
const firstTicks = BigInt(Date.UTC(2000, 0, 1) - 730_119 * 86_400_000) * 10_000n;
const lastTicks = BigInt(Date.UTC(9999, 11, 31, 23, 59, 59, 999)) * 10_000n + 9_999n;

/** The unit of a name such as "mi", or undefined. */
export function toUnit(name: string): Unit | undefined {
  return unitNames.get(name.toLowerCase());
}

/** Reads an ISO 8601 date with an optional time; undefined for anything else. */
export function parseTicks(text: string): bigint | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?)?Z?$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour = "0", minute = "0", second = "0", fraction = ""] = match.slice(1);
  return fromParts([year, month, day, hour, minute, second, fraction.padEnd(7, "0")].map(Number));
}

/** Ticks of year, month, day and optionally hour, minute, second and 100 ns; undefined when out of range. */
export function fromParts(parts: readonly number[]): bigint | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0] = parts;
  const inRange =
    year >= 1 &&
    year <= 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    [hour, minute, second, fraction].every((part) => part >= 0) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    fraction <= 9_999_999;
  if (!inRange) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return BigInt(date.getTime()) * 10_000n + BigInt(fraction);
}

function daysIn(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

/** Writes `YYYY-MM-DDThh:mm:ss.fffffffZ`; undefined outside years 1 to 9999. */
export function formatTicks(ticks: bigint): string | undefined {
  if (ticks < firstTicks || ticks > lastTicks) return undefined;
  const fraction = modulo(ticks, ticksPerSecond);
  const seconds = new Date(Number((ticks - fraction) / 10_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(fraction).padStart(7, "0")}Z`;
}

/** Moves a moment by whole units; a day that the month has not becomes its last. Undefined when out of range. */
export function addToTicks(ticks: bigint, unit: Unit, amount: number): bigint | undefined {
  if (unit === "year" || unit === "month") {
    const months = monthOf(ticks) + (unit === "year" ? amount * 12 : amount);
    const year = Math.floor(months / 12);
    const month = (((months % 12) + 12) % 12) + 1;
    if (year < 1 || year > 9999) return undefined;
    const timeOfDay = modulo(ticks, unitTicks.day);
    const day = Math.min(dateOf(ticks).getUTCDate(), daysIn(year, month));
    const midnight = fromParts([year, month, day]);
    return midnight === undefined ? undefined : midnight + timeOfDay;
  }
  const moved =
    ticks + (unit === "nanosecond" ? BigInt(amount) / nanosecondsPerTick : BigInt(amount) * unitTicks[unit]);
  return moved < firstTicks || moved > lastTicks ? undefined : moved;
}

/** How many boundaries of a unit lie before a moment, counted from a fixed one. */
export function boundaries(ticks: bigint, unit: Unit): bigint {
  if (unit === "year") return BigInt(dateOf(ticks).getUTCFullYear());
  if (unit === "month") return BigInt(monthOf(ticks));
  if (unit === "nanosecond") return ticks * nanosecondsPerTick;
  return (ticks - modulo(ticks, unitTicks[unit])) / unitTicks[unit];
}

/** The value of one part; milliseconds, microseconds and nanoseconds count within the second. */
export function partOfTicks(ticks: bigint, unit: Unit): number {
  const date = dateOf(ticks);
  const fraction = modulo(ticks, ticksPerSecond);
  switch (unit) {
    case "year":
      return date.getUTCFullYear();
    case "month":
      return date.getUTCMonth() + 1;
    case "day":
      return date.getUTCDate();
    case "hour":
      return date.getUTCHours();
    case "minute":
      return date.getUTCMinutes();
    case "second":
      return date.getUTCSeconds();
    case "millisecond":
      return Number(fraction / unitTicks.millisecond);
    case "microsecond":
      return Number(fraction / unitTicks.microsecond);
    case "nanosecond":
      return Number(fraction * nanosecondsPerTick);
  }
}

function dateOf(ticks: bigint): Date {
  return new Date(Number((ticks - modulo(ticks, 10_000n)) / 10_000n));
}

function monthOf(ticks: bigint): number {
  const date = dateOf(ticks);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function modulo(value: bigint, by: bigint): bigint {
  const remainder = value % by;
  return remainder < 0n ? remainder + by : remainder;
}
