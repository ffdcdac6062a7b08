import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { manualClock } from "../../core/clock.ts";
import { openSiteLog } from "./site-log.ts";

let folder: string;
let file: string;
const clock = manualClock(new Date("2026-11-20T08:00:00Z"));
const time = "2026-11-20T08:00:00.000Z";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "site-log-"));
  file = join(folder, "log.txt");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("lines stay whole however they arrive", () => {
  const log = openSiteLog({ file, clock });
  const text = Buffer.from("größe\nnext");
  for (const byte of text) log.output("stdout", Buffer.from([byte]));
  log.output("stderr", Buffer.from("a\r\nb\n"));
  log.platform("one\ntwo");
  log.close();
  log.platform("after the end");
  expect(readFileSync(file, "utf8").split("\n")).toEqual([
    `${time} stdout größe`,
    `${time} stderr a`,
    `${time} stderr b`,
    `${time} platform one`,
    `${time} platform two`,
    `${time} stdout next`,
    "",
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("at most twice the maximum is kept", () => {
  const log = openSiteLog({ file, clock, maximumBytes: 1_000 });
  for (let line = 0; line < 500; line += 1) log.platform(`line ${line}`);
  log.close();
  expect(statSync(file).size).toBeLessThanOrEqual(1_000);
  expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(1_100);
  expect(readFileSync(file, "utf8")).toContain("line 499\n");
});

test("a line that never ends is cut", () => {
  const log = openSiteLog({ file, clock });
  for (let part = 0; part < 40; part += 1) log.output("stdout", Buffer.alloc(1_000, "x"));
  log.close();
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines.length).toBe(3);
  expect(lines.join("").match(/x/g)?.length).toBe(40_000);
});
