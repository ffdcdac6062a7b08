import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { manualClock } from "./clock.ts";
import { openMovableClock } from "./movable-clock.ts";
import { openStore, type Store } from "./store.ts";

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clock-"));
  store = openStore(join(folder, "state.sqlite"));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a moved clock goes on from where it was moved to, in every unit, and another process sees it after a reload", () => {
  const base = manualClock(new Date("2026-11-20T08:00:00Z"));
  const clock = openMovableClock(store, base);
  const other = openMovableClock(store, base);
  expect([clock.offsetMs, clock.now().toISOString()]).toEqual([0, "2026-11-20T08:00:00.000Z"]);
  clock.move(90 * 86_400_000);
  base.advance(1_500);
  expect(clock.now().toISOString()).toBe("2027-02-18T08:00:01.500Z");
  expect([clock.nowMs(), clock.nowSeconds()]).toEqual([
    Date.parse("2027-02-18T08:00:01.500Z"),
    Date.parse("2027-02-18T08:00:01Z") / 1000,
  ]);
  expect(other.nowMs()).toBe(base.nowMs());
  other.reload();
  expect(other.nowMs()).toBe(clock.nowMs());
  expect(openMovableClock(store, base).offsetMs).toBe(90 * 86_400_000);
  clock.move(-1_000);
  expect(clock.now().toISOString()).toBe("2026-11-20T08:00:00.500Z");
  clock.move(0);
  expect(clock.nowMs()).toBe(base.nowMs());
});
