import { expect, test } from "@jest/globals";
import { CommandFailed, runCommand } from "./run-command.ts";

const base = { env: { PATH: process.env.PATH }, signal: new AbortController().signal, deadline: 30_000 };

async function failure(work: Promise<string>): Promise<CommandFailed> {
  const error: unknown = await work.catch((caught: unknown) => caught);
  if (error instanceof CommandFailed) return error;
  throw new Error(`no CommandFailed, but ${error}`);
}

test("answers standard output and passes lines of standard error on", async () => {
  const lines: string[] = [];
  const output = await runCommand("sh", ["-c", "echo one >&2; echo two >&2; echo out"], {
    ...base,
    onErrorLine: (line) => lines.push(line),
  });
  expect(output).toBe("out\n");
  expect(lines).toEqual(["one", "two"]);
});

test("a failure carries the exit code and the last words", async () => {
  const error = await failure(runCommand("sh", ["-c", "echo broken >&2; exit 3"], base));
  expect(error.message).toBe("sh -c echo broken >&2; exit 3 ended with 3");
  expect(error.output).toBe("broken");
});

test("a program that is not there is a failure", async () => {
  const error = await failure(runCommand("no-such-program", [], base));
  expect(error.message).toBe("no-such-program: spawn no-such-program ENOENT");
});

test("a command that passes its deadline is ended", async () => {
  const error = await failure(runCommand("sleep", ["300"], { ...base, deadline: 50 }));
  expect(error.message).toBe("sleep 300 did not end within 0.05 seconds");
});
