import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openTestCommandLine,
  type RunningCommand,
  startCommand,
  type TestCommandLine,
} from "../../local-azure/testing/command-line.ts";

const project = join(import.meta.dirname, "..", "..");

/** Another clone of this project with a local cloud of its own, so that a test's stack is nobody else's. */
export interface TestClone {
  readonly directory: string;
  readonly cli: TestCommandLine;
  /** The environment of `local-azure exec` there; starts the cloud and makes the stack `local`. */
  environment(): Promise<NodeJS.ProcessEnv>;
  /** Starts a program in the clone's folder. */
  start(env: NodeJS.ProcessEnv, program: string, ...args: string[]): RunningCommand;
  /** Runs a program in the clone's folder and answers its standard output; fails with its output otherwise. */
  succeed(env: NodeJS.ProcessEnv, program: string, ...args: string[]): Promise<string>;
  close(): Promise<void>;
}

const left = /^(node_modules|reports|coverage|\.git|\.local-azure|Pulumi\.local.*\.yaml)$/;

/** Copies the working tree without what is made in it; the packages are shared. */
export function makeTestClone(): TestClone {
  const directory = mkdtempSync(join(tmpdir(), "keyless-cosmos-"));
  cpSync(project, directory, {
    recursive: true,
    filter: (source) => !left.test(source.slice(project.length + 1)),
  });
  symlinkSync(join(project, "node_modules"), join(directory, "node_modules"));
  const cli = openTestCommandLine(directory, directory);
  const start: TestClone["start"] = (env, program, ...args) =>
    startCommand(program, args, { cwd: directory, env });
  return {
    directory,
    cli,
    start,
    async environment() {
      const text = await cli.succeed("exec", "--", process.execPath, "-p", "JSON.stringify(process.env)");
      return JSON.parse(text) as NodeJS.ProcessEnv;
    },
    async succeed(env, program, ...args) {
      const { code, stdout, stderr } = await start(env, program, ...args).ended;
      if (code === 0) return stdout;
      throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
    },
    async close() {
      await cli.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
