import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { runInForeground } from "../control/foreground.ts";
import { localStackName } from "../control/local-stack.ts";
import {
  ensureLocalStack,
  type LocalSession,
  openLocalSession,
  type PluginKind,
} from "../control/session.ts";
import { UserError } from "../core/user-error.ts";

/** Runs `command` with the local cloud's environment, starting the cloud if needed; answers its exit code. */
export async function exec(
  command: readonly string[],
  options: { readonly plugins: PluginKind },
): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined) {
    throw new UserError(
      "LA-EXEC-NO-COMMAND",
      "There is no command to run.",
      "local-azure exec -- pulumi preview",
    );
  }
  const session = await openLocalSession(options.plugins);
  await provideLocalStack(session, process.cwd());
  try {
    const { exitCode, interrupted } = await runInForeground(program, args, { env: session.env });
    if (interrupted) await session.abandon();
    return exitCode;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
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
