import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openStore, stateVersion } from "./store.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
  path = join(folder, "state.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the state file", () => {
  test("is readable by its owner only", () => {
    openStore(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("of another version is refused with the way out", () => {
    openStore(path).close();
    const raw = new DatabaseSync(path);
    raw.exec(`PRAGMA user_version = ${stateVersion + 1}`);
    raw.close();
    expect(() => openStore(path)).toThrow(
      expect.objectContaining({
        code: "LA-STATE-VERSION",
        message: `The state file ${path} has version ${stateVersion + 1}; this local cloud reads version ${stateVersion}.`,
      }),
    );
  });

  test("that other tools made is refused, not adopted", () => {
    const raw = new DatabaseSync(path);
    raw.exec("CREATE TABLE theirs (id INTEGER)");
    raw.close();
    expect(() => openStore(path)).toThrow(expect.objectContaining({ code: "LA-STATE-VERSION" }));
  });
});

describe("a transaction", () => {
  test("leaves nothing behind when its work throws, also from a nested one", () => {
    const store = openStore(path);
    store.addSchema("CREATE TABLE t (n INTEGER)");
    const insert = store.database.prepare("INSERT INTO t VALUES (?)");
    expect(() =>
      store.transaction(() => {
        insert.run(1);
        store.transaction(() => insert.run(2));
        throw new Error("stop");
      }),
    ).toThrow("stop");
    store.transaction(() => insert.run(3));
    expect(store.database.prepare("SELECT n FROM t").all()).toEqual([expect.objectContaining({ n: 3 })]);
    store.close();
  });
});
