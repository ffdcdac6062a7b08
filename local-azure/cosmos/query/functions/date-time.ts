import { define, type FunctionDefinition, type FunctionTable } from "./definition.ts";
import {
  addToTicks,
  boundaries,
  formatTicks,
  fromParts,
  parseTicks,
  partOfTicks,
  toUnit,
  type Unit,
} from "./ticks.ts";

const ticksPerMs = 10_000n;

/** A moment in milliseconds since 1970 as ticks of 100 ns; whole ticks only. */
function msToTicks(ms: number): bigint {
  return BigInt(Math.floor(ms)) * ticksPerMs + BigInt(Math.floor((ms - Math.floor(ms)) * 10_000));
}

function unitAndMoment(part: unknown, moment: unknown): { unit: Unit; ticks: bigint } | undefined {
  const unit = typeof part === "string" ? toUnit(part) : undefined;
  const ticks = typeof moment === "string" ? parseTicks(moment) : undefined;
  return unit === undefined || ticks === undefined ? undefined : { unit, ticks };
}

function add([part, amount, moment]: readonly unknown[]): string | undefined {
  const parsed = unitAndMoment(part, moment);
  if (parsed === undefined || !Number.isSafeInteger(amount)) return undefined;
  const ticks = addToTicks(parsed.ticks, parsed.unit, Number(amount));
  return ticks === undefined ? undefined : formatTicks(ticks);
}

function difference([part, from, to]: readonly unknown[]): number | undefined {
  const start = unitAndMoment(part, from);
  const end = unitAndMoment(part, to);
  if (start === undefined || end === undefined) return undefined;
  return Number(boundaries(end.ticks, end.unit) - boundaries(start.ticks, start.unit));
}

function partOf([part, moment]: readonly unknown[]): number | undefined {
  const parsed = unitAndMoment(part, moment);
  return parsed === undefined ? undefined : partOfTicks(parsed.ticks, parsed.unit);
}

function build(parts: readonly unknown[]): string | undefined {
  if (!parts.every((part) => Number.isInteger(part))) return undefined;
  const ticks = fromParts(parts.map(Number));
  return ticks === undefined ? undefined : formatTicks(ticks);
}

/** The start of the bin of `size` units that a moment is in; bins are counted from `origin`, 1970 by default. */
function bin([moment, part, size = 1, origin = "1970-01-01T00:00:00.0000000Z"]: readonly unknown[]):
  | string
  | undefined {
  const parsed = unitAndMoment(part, moment);
  const from = unitAndMoment(part, origin);
  if (parsed === undefined || from === undefined || !Number.isSafeInteger(size) || Number(size) <= 0)
    return undefined;
  const distance = boundaries(parsed.ticks, parsed.unit) - boundaries(from.ticks, from.unit);
  const remainder = distance % BigInt(Number(size));
  const whole = distance - (remainder < 0n ? remainder + BigInt(Number(size)) : remainder);
  const ticks = addToTicks(from.ticks, from.unit, Number(whole));
  return ticks === undefined ? undefined : formatTicks(ticks);
}

function fromNumber(toTicks: (value: number) => bigint): FunctionDefinition {
  return define(1, 1, ([value]) =>
    typeof value === "number" && Number.isFinite(value) ? formatTicks(toTicks(value)) : undefined,
  );
}

function toNumber(convert: (ticks: bigint) => number): FunctionDefinition {
  return define(1, 1, ([moment]) => {
    const ticks = typeof moment === "string" ? parseTicks(moment) : undefined;
    return ticks === undefined ? undefined : convert(ticks);
  });
}

/**
 * Date and time functions over `YYYY-MM-DDThh:mm:ss.fffffffZ`. Timestamps are milliseconds and ticks 100 ns,
 * both since 1970. The …Static functions give the time at which the query began.
 */
export const dateTimeFunctions: FunctionTable = new Map<string, FunctionDefinition>([
  ["DATETIMEADD", define(3, 3, add)],
  ["DATETIMEBIN", define(2, 4, bin)],
  ["DATETIMEDIFF", define(3, 3, difference)],
  ["DATETIMEFROMPARTS", define(3, 7, build)],
  ["DATETIMEPART", define(2, 2, partOf)],
  ["DATETIMETOTICKS", toNumber(Number)],
  ["DATETIMETOTIMESTAMP", toNumber((ticks) => Number(ticks / ticksPerMs))],
  ["TICKSTODATETIME", fromNumber((value) => BigInt(Math.trunc(value)))],
  ["TIMESTAMPTODATETIME", fromNumber((value) => BigInt(Math.trunc(value)) * ticksPerMs)],
  ["GETCURRENTDATETIME", define(0, 0, (_none, frame) => formatTicks(msToTicks(frame.environment.nowMs())))],
  ["GETCURRENTDATETIMESTATIC", define(0, 0, (_none, frame) => formatTicks(msToTicks(frame.startedMs)))],
  ["GETCURRENTTIMESTAMP", define(0, 0, (_none, frame) => Math.floor(frame.environment.nowMs()))],
  ["GETCURRENTTIMESTAMPSTATIC", define(0, 0, (_none, frame) => Math.floor(frame.startedMs))],
  ["GETCURRENTTICKS", define(0, 0, (_none, frame) => Number(msToTicks(frame.environment.nowMs())))],
  ["GETCURRENTTICKSSTATIC", define(0, 0, (_none, frame) => Number(msToTicks(frame.startedMs)))],
]);
