import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { runInForeground } from "../control/foreground.ts";
import { Interrupted } from "../control/interruption.ts";
import { localStackName } from "../control/local-stack.ts";
import {
  ensureLocalStack,
  type LocalSession,
  openLocalSession,
  type PluginKind,
} from "../control/session.ts";
import { UserError } from "../core/user-error.ts";
import { jsonReporter } from "../pulumi/reporter.ts";

export interface ExecOptions {
  readonly plugins: PluginKind;
  readonly json: boolean;
}

/**
 * Runs `command` with the local cloud's environment, starting the cloud if needed; answers its exit code. When this
 * process is asked to end, so are the command and the cloud, unless the cloud ran before. Standard output is the command's
 * alone; what `json` is about is on standard error.
 */
export async function exec(command: readonly [string, ...string[]], options: ExecOptions): Promise<number> {
  const [program, ...args] = command;
  try {
    const session = await openLocalSession(
      options.plugins,
      options.json ? jsonReporter(process.stderr) : undefined,
    );
    try {
      await provideLocalStack(session, process.cwd());
      session.interruption.throwIfAborted();
      return await runInForeground(program, args, { env: session.env });
    } finally {
      if (session.interruption.aborted) await session.abandon();
    }
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" || syscall !== `spawn ${program}`) throw error;
    throw new UserError(
      "LA-EXEC-NOT-FOUND",
      `There is no program ${program} on PATH.`,
      "Check its spelling.",
    );
  }
}

/** In the folder of a Pulumi project with settings for `dev`, its local stack is there to be used at once. */
async function provideLocalStack(session: LocalSession, project: string): Promise<void> {
  const projectFile = join(project, "Pulumi.yaml");
  const source = join(project, "Pulumi.dev.yaml");
  const stack = localStackName();
  if (!existsSync(projectFile) || !existsSync(source)) return;
  const { name } = z.object({ name: z.string() }).parse(parse(readFileSync(projectFile, "utf8")));
  const known = existsSync(join(session.folder.backend, ".pulumi", "stacks", name, `${stack}.json`));
  if (!known || !existsSync(join(project, `Pulumi.${stack}.yaml`))) {
    await ensureLocalStack(session, { project, projectName: name, stack, source });
  }
}
