import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Command } from "commander";
import { createProgram } from "./commands/program.ts";
import { projectFolder } from "./control/state-folder.ts";
import { openTestCommandLine, type TestCommandLine } from "./testing/command-line.ts";

let cli: TestCommandLine;
beforeAll(() => {
  cli = openTestCommandLine();
});
afterAll(() => cli.close());

const commands: Readonly<Record<string, readonly string[]>> = {
  start: [],
  stop: [],
  status: [],
  exec: [],
  logs: [],
  clock: ["show", "advance", "set", "reset"],
  certificate: [],
  users: ["list", "add", "password", "remove"],
  faults: ["list", "set", "clear"],
  reset: [],
};

test("every command has help and --json, and the README tells of it", () => {
  const program = createProgram();
  const readme = readFileSync(join(projectFolder, "README.md"), "utf8");
  const names = (command: Command) => command.commands.map((one) => one.name());
  expect(Object.fromEntries(program.commands.map((one) => [one.name(), names(one)]))).toEqual(commands);
  for (const command of program.commands) {
    expect(readme).toMatch(new RegExp(`\`(npx --no local-azure )?${command.name()}\\b`));
    for (const leaf of command.commands.length > 0 ? command.commands : [command]) {
      expect(leaf.helpInformation()).toContain("--json");
      expect(leaf.description()).not.toBe("");
    }
  }
});

test("a command that there is not, and one that fails, end with 1; for machines the failure is JSON", async () => {
  const unknown = await cli.run("begin");
  const help = await cli.run("clock", "advance", "--help");
  expect([help.code, help.stdout.split("\n")[0]]).toEqual([
    0,
    "Usage: local-azure clock advance [options] <duration>",
  ]);
  expect([unknown.code, unknown.stdout, unknown.stderr.split("\n")[0]]).toEqual([
    1,
    "",
    "error: unknown command 'begin'",
  ]);
  expect(await cli.run("clock", "advance", "soon", "--json")).toEqual({
    code: 1,
    stdout: "",
    stderr:
      '{"error":{"code":"LA-DURATION","message":"\\"soon\\" is not a duration.","fix":"Write a number with its unit, for example 500ms, 20s, 5m, 1h30m or 90d."}}\n',
  });
});
