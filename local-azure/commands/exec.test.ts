import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { engineBuildMs, openTestCommandLine, type TestCommandLine } from "../testing/command-line.ts";

let cli: TestCommandLine;
beforeAll(async () => {
  cli = openTestCommandLine();
  await cli.succeed("exec", "--", "true");
}, engineBuildMs);
afterEach(() => cli.run("stop"));
afterAll(() => cli.close());

/** A command that says that it runs and ends only when it is told to, as a shell's command would by default. */
const endless = ["exec", "--", process.execPath, "-e", "console.log('runs'); setInterval(() => {}, 1000)"];
/** Waits until a shell condition holds; the test's own time limit bounds the wait. */
const until = (condition: string) =>
  promisify(execFile)("sh", ["-c", `until ${condition}; do sleep 0.02; done`]);
const status = async () => (await cli.run("status", "--json")).stdout;

test("exec ends with the code of its command, and says what it cannot run", async () => {
  const codeOf = async (...command: string[]) => (await cli.run("exec", "--", ...command)).code;
  expect(await codeOf("sh", "-c", "exit 7")).toBe(7);
  expect(await codeOf("sh", "-c", "kill -TERM $$")).toBe(143);

  expect(await cli.run("exec", "--", "no-such-program")).toEqual({
    code: 1,
    stdout: "",
    stderr: "LA-EXEC-NOT-FOUND: There is no program no-such-program on PATH.\nFix: Check its spelling.\n",
  });
  expect(await cli.run("exec", "--json", "--", "no-such-program")).toEqual({
    code: 1,
    stdout: "",
    stderr:
      '{"error":{"code":"LA-EXEC-NOT-FOUND","message":"There is no program no-such-program on PATH.","fix":"Check its spelling."}}\n',
  });
  const { code, stderr } = await cli.run("exec");
  expect([code, stderr.split("\n")[0]]).toEqual([1, "error: missing required argument 'command'"]);
  expect(stderr).toContain("Usage: local-azure exec [options] <command...>");
});

test.each([["SIGINT", 130] as const, ["SIGTERM", 143] as const])(
  "%s ends the command and the cloud that was started for it",
  async (signal, exitCode) => {
    const running = cli.start(...endless);
    await running.output((text) => text.includes("runs"));
    const { pid } = JSON.parse(await status()) as { pid: number };
    running.process.kill(signal);
    expect((await running.ended).code).toBe(exitCode);
    await running.nothingLeft();
    expect(await status()).toBe('{"running":false}\n');
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  },
);

test("SIGINT ends the command, whose own code is passed on, and not a cloud that ran before", async () => {
  const started = JSON.parse(await cli.succeed("start", "--json"));
  const graceful =
    "process.on('SIGINT', () => process.exit(5)); console.log('runs'); setInterval(() => {}, 1000)";
  const running = cli.start("exec", "--", process.execPath, "-e", graceful);
  await running.output((text) => text.includes("runs"));
  running.process.kill("SIGINT");
  expect((await running.ended).code).toBe(5);
  await running.nothingLeft();
  expect(JSON.parse(await status())).toEqual(started);
});

test("SIGINT while the cloud starts leaves nothing behind", async () => {
  rmSync(join(cli.home, "cloud.log"), { force: true });
  const running = cli.start(...endless);
  // The daemon's log is opened right before the daemon is started.
  await until(`test -e '${join(cli.home, "cloud.log")}'`);
  running.process.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
  await running.nothingLeft();
  expect(await status()).toBe('{"running":false}\n');
});
