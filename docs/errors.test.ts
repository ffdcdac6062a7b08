import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "..");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  cwd: root,
})
  .toString()
  .split("\n")
  .filter((file) => file !== "" && !file.endsWith(".test.ts"));

const codesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code]) => code ?? "");

test("every error code of the code stands in errors.md, and the other way round", () => {
  const used = files.flatMap((file) =>
    codesIn(readFileSync(join(root, file), "utf8"), /"((?:KC|LA)-[A-Z-]+)"/g),
  );
  const documented = codesIn(
    readFileSync(join(root, "docs", "errors.md"), "utf8"),
    /^\| ((?:KC|LA)-[A-Z-]+) \|/gm,
  );
  expect([...new Set(used)].sort()).toEqual([...documented].sort());
});
