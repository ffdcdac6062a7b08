import { ServiceRefusal } from "../connection/azure-request.ts";
import type { StackOutputs, WorkloadOutput } from "../infra/outputs/schema.ts";

/** Where a workload's client secret lies, and when it ends. */
export type PlacedSecret = NonNullable<WorkloadOutput["secret"]>;

/** A workload whose access is by client secret. */
export interface MigratingWorkload {
  readonly name: string;
  readonly workload: WorkloadOutput;
  readonly secret: PlacedSecret;
}

/** The workloads that have a client secret, in the order of the outputs. */
export function migratingWorkloads({ workloads }: StackOutputs): MigratingWorkload[] {
  return Object.entries(workloads).flatMap(([name, workload]) =>
    workload.secret === undefined ? [] : [{ name, workload, secret: workload.secret }],
  );
}

/** What `work` finds, or why whoever runs the tests may not see it: the message of a refusal with 403. */
export async function orRefusal<Result>(work: () => Promise<Result>): Promise<Result | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceRefusal && error.status === 403) return error.message;
    throw error;
  }
}
