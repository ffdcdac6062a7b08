import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { generateTables } from "./generate.ts";

test("the tables beside the generator are what it makes from the facts and the installed package", () => {
  const file = JSON.parse(readFileSync(new URL("./tables.json", import.meta.url), "utf8"));
  expect(file).toEqual(JSON.parse(JSON.stringify(generateTables())));
});
