import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { UserError } from "../../core/user-error.ts";
import { handOver } from "./password-output.ts";

const kim = { userPrincipalName: "kim@local-azure.example", password: "made here", objectId: "11111111" };

let folder: string;
let out: string;
let elsewhere: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "password-output-"));
  out = join(folder, "kim.json");
  elsewhere = join(folder, "elsewhere");
  writeFileSync(elsewhere, "kept");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a link that stands where the password is written first leads it nowhere", async () => {
  symlinkSync(elsewhere, `${out}.new`);
  const { objectId, userPrincipalName } = kim;
  expect(await handOver(out, async () => kim)).toEqual({ userPrincipalName, objectId, file: out });
  expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(kim);
  const made = lstatSync(out);
  expect([made.isFile(), made.mode & 0o777]).toEqual([true, 0o600]);
  expect(readFileSync(elsewhere, "utf8")).toBe("kept");
  expect(readdirSync(folder).toSorted()).toEqual(["elsewhere", "kim.json"]);
});

test("neither does one that is put there while the password is made", async () => {
  await handOver(out, async () => {
    rmSync(`${out}.new`);
    symlinkSync(elsewhere, `${out}.new`);
    return kim;
  });
  expect(readFileSync(elsewhere, "utf8")).toBe("kept");
});

test("a folder of that name is told before anything is changed", async () => {
  mkdirSync(`${out}.new`);
  const changed: string[] = [];
  const refused = handOver(out, async () => {
    changed.push(kim.userPrincipalName);
    return kim;
  });
  await expect(refused).rejects.toThrow(
    new UserError(
      "LA-PASSWORD-OUT",
      `${out}.new cannot be written (ERR_FS_EISDIR).`,
      "Name a file in a folder of yours with --out.",
    ),
  );
  expect([changed, existsSync(out)]).toEqual([[], false]);
});
