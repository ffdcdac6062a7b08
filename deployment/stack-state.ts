import { spawn } from "node:child_process";
import { z } from "zod";
import { pulumi } from "../connection/stack.ts";
import { DeploymentError } from "./failure.ts";

const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});
const operationSchema = z.looseObject({ type: z.string(), resource: resourceSchema });
const stateSchema = z.looseObject({
  deployment: z
    .looseObject({
      resources: z.array(resourceSchema).default([]),
      pending_operations: z.array(operationSchema).nullish(),
    })
    .nullish(),
});

/** A stack's state as `pulumi stack export` writes it; secrets in it stay encrypted. */
export type StackState = z.infer<typeof stateSchema>;
/** A resource as the state keeps it; fields that this project does not look at are kept as they are. */
export type StateResource = z.infer<typeof resourceSchema>;
/** An operation that was under way when an update was cut off. */
export type PendingOperation = z.infer<typeof operationSchema>;

export async function exportState(stack: string): Promise<StackState> {
  return stateSchema.parse(JSON.parse(await pulumi(["stack", "export", "--stack", stack])));
}

/**
 * Replaces the stack's state.
 *
 * @throws DeploymentError KC-RECOVER with what pulumi said: it refuses a state that does not hold together.
 */
export async function importState(stack: string, state: StackState): Promise<void> {
  const child = spawn("pulumi", ["stack", "import", "--stack", stack, "--non-interactive"], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
  });
  child.stdin.end(JSON.stringify(state));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new DeploymentError(
    "KC-RECOVER",
    `The mended state of ${stack} was not taken: ${said.trim()}`,
    `Look at it with \`pulumi stack export --stack ${stack}\`; its backups lie in the backend.`,
  );
}
