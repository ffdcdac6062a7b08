import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type StackOutputs, stackOutputsSchema } from "../infra/outputs/schema.ts";
import { DeploymentError } from "./failure.ts";

const run = promisify(execFile);
const outputLimit = 64 * 1024 * 1024;

/**
 * Runs `pulumi` in this environment and answers its standard output.
 *
 * @throws DeploymentError KC-PULUMI with what pulumi said.
 */
export async function pulumi(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  try {
    const { stdout } = await run("pulumi", ["--non-interactive", ...args], { env, maxBuffer: outputLimit });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new DeploymentError(
      "KC-PULUMI",
      `pulumi ${args[0] ?? ""} failed: ${(stderr || message).trim()}`,
      "Run it from `npx --no local-azure exec --` for the local cloud, or sign in to your backend for Azure.",
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
 * @throws DeploymentError KC-OUTPUTS when the stack has not been deployed by this program.
 */
export async function stackOutputs(stack: string): Promise<StackOutputs> {
  const parsed = stackOutputsSchema.safeParse(
    JSON.parse(await pulumi(["stack", "output", "--json", "--stack", stack])),
  );
  if (parsed.success) return parsed.data;
  throw new DeploymentError(
    "KC-OUTPUTS",
    `Stack ${stack} lacks outputs of this program: ${parsed.error.issues.map((issue) => issue.path.join(".")).join(", ")}.`,
    `Run \`pulumi up --stack ${stack}\` first.`,
  );
}
