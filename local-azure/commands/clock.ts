import { z } from "zod";
import { changeState, readState } from "../control/state-change.ts";
import { openStateFolder } from "../control/state-folder.ts";
import { systemClock } from "../core/clock.ts";
import { formatDuration, parseDuration } from "../core/duration.ts";
import { type MovableClock, openMovableClock } from "../core/movable-clock.ts";
import { UserError } from "../core/user-error.ts";

interface Output {
  readonly json: boolean;
}

/** Prints the local cloud's time and how far it was moved. */
export function showClock(output: Output): void {
  print(
    readState(openStateFolder(), (store) => describeClock(openMovableClock(store, systemClock))),
    output,
  );
}

/** Moves the clock on by a duration from the time that it shows. */
export function advanceClock(duration: string, output: Output): Promise<void> {
  const milliseconds = parseDuration(duration);
  return moveClock((clock) => clock.offsetMs + milliseconds, output);
}

/** Moves the clock to a time, ahead or back: an ISO 8601 date, or date and time with its zone. */
export function setClock(time: string, output: Output): Promise<void> {
  if (!isoForm.safeParse(time).success) {
    throw new UserError(
      "LA-CLOCK-TIME",
      `"${time}" is not a time.`,
      "Write it as ISO 8601 does, with its zone: 2027-02-01T12:00:00Z, or the date alone.",
    );
  }
  return moveClock(() => Date.parse(time) - systemClock.nowMs(), output);
}

/** Puts the clock back to the machine's time. */
export function resetClock(output: Output): Promise<void> {
  return moveClock(() => 0, output);
}

const isoForm = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);
/** Beyond, tokens and ISO 8601 need other forms. */
const earliest = Date.parse("2000-01-01T00:00:00Z");
const latest = Date.parse("9000-01-01T00:00:00Z");

async function moveClock(offsetOf: (clock: MovableClock) => number, output: Output): Promise<void> {
  const moved = await changeState(openStateFolder(), (store) => {
    const clock = openMovableClock(store, systemClock);
    const offset = offsetOf(clock);
    const time = systemClock.nowMs() + offset;
    if (!(time >= earliest && time < latest)) {
      throw new UserError(
        "LA-CLOCK-TIME",
        "The clock stays between the years 2000 and 9000.",
        "Choose a time between them.",
      );
    }
    clock.move(offset);
    return describeClock(clock);
  });
  print(moved, output);
}

interface ClockState {
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly offsetSeconds: number;
}

function describeClock(clock: MovableClock): ClockState {
  return { now: clock.now().toISOString(), offsetSeconds: clock.offsetMs / 1000 };
}

function print(state: ClockState, { json }: Output): void {
  console.log(json ? JSON.stringify(state) : `${state.now}, ${describeOffset(state.offsetSeconds)}`);
}

/** For people, how far a clock was moved. */
export function describeOffset(seconds: number): string {
  if (seconds === 0) return "the machine's time";
  const distance = formatDuration(Math.abs(seconds) * 1000);
  return `${distance} ${seconds > 0 ? "ahead of" : "behind"} the machine's time`;
}
