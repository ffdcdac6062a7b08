import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RequestLogEntry } from "../core/request-log.ts";

/** What test clouds answered is kept here until the route check has read it. */
const folder = join(import.meta.dirname, "..", "..", "reports", "requests");

/** Keeps the entries of one test cloud; `name` must be its own. */
export function keepRequests(name: string, entries: readonly RequestLogEntry[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.jsonl`), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

/** Every entry that was kept in this run. */
export function readRequests(): RequestLogEntry[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).flatMap((file) => parseRequestLog(readFileSync(join(folder, file), "utf8")));
}

export function parseRequestLog(text: string): RequestLogEntry[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RequestLogEntry);
}
