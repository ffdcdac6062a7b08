import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Faults, openFaults } from "./faults.ts";
import { openStore, type Store } from "./store.ts";

let folder: string;
let store: Store;
let faults: Faults;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faults-"));
  store = openStore(join(folder, "state.sqlite"));
  faults = openFaults(store);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const account = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/shop";

test("a duration of one target stands before that of the tenant, and 0 is off", () => {
  expect(faults.seconds("grant-propagation", account)).toBe(0);
  faults.set("grant-propagation", undefined, 20);
  faults.set("grant-propagation", `${account}/`, 1.5);
  expect(faults.seconds("grant-propagation")).toBe(20);
  expect(faults.seconds("grant-propagation", account.toUpperCase())).toBe(1.5);
  expect(faults.seconds("grant-propagation", `${account}2`)).toBe(20);
  expect(faults.seconds("directory-replication")).toBe(0);
  faults.set("grant-propagation", account, 3);
  expect(faults.list()).toEqual([
    { name: "grant-propagation", seconds: 20 },
    { name: "grant-propagation", target: account.toLowerCase(), seconds: 3 },
  ]);
  expect(faults.clear("grant-propagation")).toBe(true);
  expect(faults.clear("grant-propagation")).toBe(false);
  expect(faults.list()).toEqual([{ name: "grant-propagation", target: account.toLowerCase(), seconds: 3 }]);
});

test("what another process set is there after a reload", () => {
  const other = openStore(join(folder, "state.sqlite"));
  openFaults(other).set("directory-replication", undefined, 20);
  other.close();
  expect(faults.seconds("directory-replication")).toBe(0);
  faults.reload();
  expect(faults.seconds("directory-replication")).toBe(20);
});

test.each([
  ["no-such-fault", undefined, undefined, "LA-UNKNOWN-FAULT", 'There is no fault called "no-such-fault".'],
  [
    "identity-endpoint",
    undefined,
    undefined,
    "LA-FAULT-TARGET",
    "The fault identity-endpoint needs a target.",
  ],
  [
    "identity-endpoint",
    "/a",
    5,
    "LA-FAULT-DURATION",
    "The fault identity-endpoint takes no duration: it is on until it is cleared.",
  ],
  [
    "directory-replication",
    "/a",
    5,
    "LA-FAULT-TARGET",
    "The fault directory-replication takes no target: it is on for the whole tenant.",
  ],
  [
    "directory-replication",
    undefined,
    0,
    "LA-FAULT-DURATION",
    "The fault directory-replication needs a duration.",
  ],
  [
    "grant-propagation",
    "/a",
    undefined,
    "LA-FAULT-DURATION",
    "The fault grant-propagation needs a duration.",
  ],
])("%s for %s with %s is refused", (name, target, seconds, code, message) => {
  expect(() => faults.set(name, target, seconds)).toThrow(expect.objectContaining({ code, message }));
  expect(faults.list()).toEqual([]);
});
