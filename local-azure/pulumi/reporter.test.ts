import { PassThrough } from "node:stream";
import { expect, test } from "@jest/globals";
import { consoleReporter, jsonReporter } from "./reporter.ts";

function record(isTTY: boolean, times: number[]): string {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const reporter = consoleReporter(stream, () => times.shift() ?? 0);
  reporter.step("Building");
  reporter.progress("1 of 3");
  reporter.progress("2 of 3");
  reporter.done("Built");
  return String(stream.read());
}

test("on a terminal progress is written over", () => {
  expect(record(true, [0])).toBe("Building\n\r\x1b[K  1 of 3\r\x1b[K  2 of 3\r\x1b[KBuilt\n");
});

test("elsewhere progress is a line every ten seconds", () => {
  expect(record(false, [0, 9_999, 10_000, 10_000])).toBe("Building\n  2 of 3\nBuilt\n");
});

test("for machines each step is one JSON object a line", () => {
  const stream = new PassThrough();
  const reporter = jsonReporter(stream);
  reporter.step("Building");
  reporter.progress("1 of 3");
  reporter.done("Built");
  expect(String(stream.read())).toBe('{"step":"Building"}\n{"done":"Built"}\n');
});
