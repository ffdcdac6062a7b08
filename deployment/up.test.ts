import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { startCommand } from "../local-azure/testing/command-line.ts";
import { readUpArguments } from "./up-arguments.ts";

const folder = mkdtempSync(join(tmpdir(), "npm-run-up-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program by the name of pulumi that prints its arguments, first on PATH. */
function withEchoingPulumi(): NodeJS.ProcessEnv {
  writeFileSync(join(folder, "pulumi"), '#!/bin/sh\necho "pulumi $*"\nexit 7\n', { mode: 0o755 });
  return { ...process.env, PATH: `${folder}:${process.env.PATH}`, NO_COLOR: "1", FORCE_COLOR: "0" };
}
const up = (...args: string[]) =>
  startCommand(process.execPath, ["deployment/up.ts", ...args], { env: withEchoingPulumi() }).ended;

test.each([
  [["-s", "dev"], { stack: "dev" }],
  [["-s=dev", "--yes"], { stack: "dev" }],
  [["--yes", "--stack=org/keyless-cosmos/prod"], { stack: "prod" }],
  [["--target", "urn:x", "--stack", "dev"], { stack: "dev" }],
  [["--config-file", "other.yaml"], { configFile: "other.yaml" }],
  [["--help"], { help: true }],
  [[], {}],
])("%j chooses the settings", (args, expected) => {
  expect(readUpArguments(args)).toEqual({
    help: false,
    stack: undefined,
    configFile: undefined,
    ...expected,
  });
});

test("good settings hand every argument over to pulumi up, and its exit code back", async () => {
  expect(await up("-s", "dev", "--diff", "--target", "urn:x")).toEqual({
    code: 7,
    stdout: "pulumi up -s dev --diff --target urn:x\n",
    stderr: "",
  });
});

test("wrong settings are told whole, and pulumi is not run", async () => {
  const file = join(folder, "Pulumi.wrong.yaml");
  writeFileSync(file, "config:\n  keyless-cosmos:environment: Prod\n  keyless-cosmos:todya: x\n");
  const { code, stdout, stderr } = await up("--config-file", file);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(
    [
      `KC-SETTINGS: 4 faults in ${file}; nothing was registered:`,
      "  azure-native:location",
      "    wrong: is missing",
      "    fix:   write for example: azure-native:location: westeurope",
      "  keyless-cosmos:cosmos",
      "    wrong: is missing",
      "    fix:   write an object with the keys capacity, backup, databases",
      "  keyless-cosmos:environment",
      '    wrong: "Prod" cannot be used as a name',
      "    fix:   use lower-case letters, digits and single hyphens, a letter first, at most 20 characters",
      "  keyless-cosmos:todya",
      '    wrong: "todya" is not a known key',
      '    fix:   did you mean "today"? (known keys: environment, dataLoss, allowedAddresses, cosmos, example, today, workloads, principals, applications, identities, groups, developers, roles)',
      "Fix: Mend each of them as it says, then try again.",
      "",
    ].join("\n"),
  );
});

test("a stack without a settings file is told so", async () => {
  const { code, stderr } = await up("--stack", "nowhere");
  expect(code).toBe(1);
  expect(stderr).toContain("Pulumi.nowhere.yaml\n    wrong: cannot be read: ENOENT\n");
});
