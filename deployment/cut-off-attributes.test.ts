import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { removeCutOffAttributes } from "./cut-off-attributes.ts";

let backend: string;
let stacks: string;
beforeEach(() => {
  backend = mkdtempSync(join(tmpdir(), "backend-"));
  stacks = join(backend, ".pulumi", "stacks", "project");
  mkdirSync(stacks, { recursive: true });
});
afterEach(() => rmSync(backend, { recursive: true, force: true }));

test("an attribute file that was cut off goes; whole ones, states and their backups stay", () => {
  const kept = {
    "local.json": "",
    "local.json.bak": "{",
    "other.json.attrs": '{"user.content_type":"application/json"}',
  };
  const cutOff = { "local.json.attrs": "", "local.json.bak.attrs": '{"user.' };
  for (const [name, text] of Object.entries({ ...kept, ...cutOff })) writeFileSync(join(stacks, name), text);
  const url = pathToFileURL(backend).href;
  expect(removeCutOffAttributes(url)).toBe(2);
  for (const name of Object.keys(kept)) expect([name, existsSync(join(stacks, name))]).toEqual([name, true]);
  for (const name of Object.keys(cutOff))
    expect([name, existsSync(join(stacks, name))]).toEqual([name, false]);
  expect(removeCutOffAttributes(url)).toBe(0);
});

test("other backends are left alone, and so is one that holds nothing yet", () => {
  expect(removeCutOffAttributes("azblob://state")).toBe(0);
  rmSync(join(backend, ".pulumi"), { recursive: true });
  expect(removeCutOffAttributes(pathToFileURL(backend).href)).toBe(0);
});
