import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, "..", ...path), "utf8");

/** The packages in the first column of the tables; a name such as `-cosmosdb` stands for the one before with its last word changed. */
function documented(markdown: string): string[] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => {
      const names = [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");
      const [first = ""] = names;
      const stem = first.slice(0, first.lastIndexOf("-"));
      return names.map((name) => (name.startsWith("-") ? stem + name : name));
    });
}

test("every dependency stands in dependencies.md with what it is for, in an exact version, and no other does", () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json")) as Record<
    string,
    Record<string, string>
  >;
  const declared = { ...dependencies, ...devDependencies, ...optionalDependencies };
  expect(documented(read("docs", "dependencies.md")).sort()).toEqual(Object.keys(declared).sort());
  expect(Object.entries(declared).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
