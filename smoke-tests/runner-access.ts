import type { StackOutputs, WorkloadOutput } from "../infra/outputs/schema.ts";
import { groupsOf } from "./declared-rights.ts";

/**
 * Why whoever runs the tests may not call a workload, as far as it is declared; undefined when they may. A group that is not
 * of this stack may hold them: then they try.
 */
export function notACaller(
  outputs: StackOutputs,
  { callers }: Pick<WorkloadOutput, "callers">,
  runner: string,
): string | undefined {
  const own = new Set([runner, ...groupsOf(outputs, runner)].map((id) => id.toLowerCase()));
  const declared = new Set(Object.values(outputs.groups).map(({ objectId }) => objectId.toLowerCase()));
  const may = callers.some(({ objectId, kind }) => {
    const id = objectId.toLowerCase();
    return own.has(id) || (kind === "group" && !declared.has(id));
  });
  return may ? undefined : "whoever runs the tests is not among its callers; list `deployer` under callers";
}
