import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { generateTables } from "./generate.ts";

test("the tables beside the generator are what it makes from the facts and the installed package", () => {
  const made = generateTables();
  const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".json"));
  expect(files.sort()).toEqual([...[...made.keys()].map((module) => `${module}.json`), "facts.json"].sort());
  for (const [module, tables] of made) {
    const file = JSON.parse(readFileSync(new URL(`./${module}.json`, import.meta.url), "utf8"));
    expect(file).toEqual(tables);
  }
});
