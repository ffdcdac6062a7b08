import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type StackOutputs, stackOutputsSchema } from "../infra/outputs/schema.ts";
import { ConnectionError } from "./connection-error.ts";

const run = promisify(execFile);
const outputLimit = 64 * 1024 * 1024;

/**
 * Runs `pulumi` and answers its standard output.
 *
 * @throws ConnectionError KC-PULUMI with what pulumi said.
 */
export async function pulumi(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  try {
    const { stdout } = await run("pulumi", ["--non-interactive", ...args], { env, maxBuffer: outputLimit });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new ConnectionError(
      "KC-PULUMI",
      `pulumi ${args[0] ?? ""} failed: ${(stderr || message).trim()}`,
      "For the local cloud, run it from `npx --no local-azure exec --`; for Azure, sign in to your backend.",
    );
  }
}

/** The stack that the environment selects: PULUMI_STACK, or the one that `pulumi stack select` chose. */
export async function selectedStack(): Promise<string> {
  return (await pulumi(["stack", "--show-name"])).trim();
}

/**
 * The typed outputs of a stack.
 *
 * @throws ConnectionError KC-OUTPUTS when the stack has not been deployed by this program.
 */
export async function stackOutputs(
  stack: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<StackOutputs> {
  const said = await pulumi(["stack", "output", "--json", "--stack", stack], env);
  const parsed = stackOutputsSchema.safeParse(JSON.parse(said));
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new ConnectionError(
    "KC-OUTPUTS",
    `Stack ${stack} lacks outputs of this program: ${missing}.`,
    `Run \`pulumi up --stack ${stack}\` first, or name a deployed stack: --stack <name>.`,
  );
}
