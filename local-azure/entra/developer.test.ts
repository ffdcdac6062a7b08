import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openTestPlatform, type TestPlatform } from "../testing/test-platform.ts";
import { type Developer, openDeveloper } from "./developer.ts";
import { type Directory, openDirectory } from "./directory.ts";

let opened: TestPlatform;
let directory: Directory;
let file: string;
let first: Developer;

beforeEach(async () => {
  opened = await openTestPlatform();
  directory = openDirectory(opened.platform);
  file = join(opened.platform.directory, "developer.json");
  first = openDeveloper(opened.platform, directory);
  opened.clock.advance(60_000);
});
afterEach(() => opened.close());

const restart = () => openDeveloper(opened.platform, directory);
const setAt = () => directory.userPasswords.setAt(first.objectId)?.toISOString();
const written = (): unknown => JSON.parse(readFileSync(file, "utf8"));

test("a start keeps the password, and compares it only where the file does not tell when it was set", () => {
  const compared: string[] = [];
  const { check } = directory.userPasswords;
  const watched: Directory = {
    ...directory,
    userPasswords: {
      ...directory.userPasswords,
      check(userId, password) {
        compared.push(userId);
        return check(userId, password);
      },
    },
  };
  expect(openDeveloper(opened.platform, watched)).toEqual(first);
  expect(compared).toEqual([]);

  const { passwordSetAt: _, ...untimed } = first;
  writeFileSync(file, JSON.stringify(untimed));
  expect(openDeveloper(opened.platform, watched)).toEqual(first);
  expect(compared).toEqual([first.objectId]);
  expect([setAt(), written()]).toEqual(["2026-11-20T08:00:00.000Z", first]);
});

test.each<[string, () => void]>([
  ["was lost", () => rmSync(file)],
  ["holds another password", () => directory.userPasswords.set(first.objectId, "Another-horse-8")],
])("a file that %s gets a new password", (_, arrange) => {
  arrange();
  const second = restart();
  expect(second.password).not.toBe(first.password);
  expect(directory.userPasswords.check(first.objectId, second.password)).toBe(true);
  expect([setAt(), written()]).toEqual(["2026-11-20T08:01:00.000Z", second]);
});
