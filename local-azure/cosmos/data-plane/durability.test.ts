import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { systemClock } from "../../core/clock.ts";
import { openStore } from "../../core/store.ts";
import { openItemStore } from "../storage/item-store.ts";

const directory = mkdtempSync(join(tmpdir(), "local-azure-killed-"));
const settings = {
  armId: "/killed",
  databaseRid: "AAAAAA==",
  containerRid: "AAAAAIAAAAA=",
  uniqueKeys: [],
  defaultTtl: undefined,
};

/** Resolves with the numbers that the writer has acknowledged when `count` of them have arrived. */
function acknowledged(writer: ChildProcess, count: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    let text = "";
    writer.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const numbers = text.split("\n").slice(0, -1).map(Number);
      if (numbers.length >= count) resolve(numbers);
    });
    writer.once("exit", (code) => reject(new Error(`the writer ended with ${code}`)));
  });
}

test("every acknowledged write outlives a killed process, and a batch is there whole or not at all", async () => {
  try {
    let expected: number[] = [];
    for (const [round, count] of [100, 137, 61].entries()) {
      const writer = spawn(
        process.execPath,
        [
          join(import.meta.dirname, "..", "..", "testing", "item-writer.ts"),
          join(directory, "state.sqlite"),
          String(round),
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const numbers = await acknowledged(writer, count);
      writer.removeAllListeners("exit");
      const ended = new Promise((resolve) => writer.once("exit", resolve));
      writer.kill("SIGKILL");
      await ended;
      expected = [...expected, ...numbers.map((number) => round * 1_000_000 + number)];

      const store = openStore(join(directory, "state.sqlite"));
      const items = openItemStore(store, systemClock).open(settings);
      const rows = items.scan({ after: 0, limit: 1_000_000 });
      const found = new Set(rows.map((row) => row.id));
      expect(expected.filter((number) => !found.has(`single-${number}`))).toEqual([]);
      const batches = new Map<string, number>();
      for (const { id } of rows) {
        const [kind, number] = id.split("-");
        if (kind === "batch") batches.set(String(number), (batches.get(String(number)) ?? 0) + 1);
      }
      expect([...batches.values()].every((size) => size === 10)).toBe(true);
      expect(expected.filter((number) => batches.get(String(number)) !== 10)).toEqual([]);
      store.close();
    }
    expect(readFileSync(join(directory, "state.sqlite")).length).toBeGreaterThan(0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
