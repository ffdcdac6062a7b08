import { connect } from "../connection/azure-cloud.ts";
import { removeCutOffAttributes } from "./cut-off-attributes.ts";
import { DeploymentError } from "./failure.ts";
import { findPendingCreates, settlePendingOperations } from "./pending-creates.ts";
import { exportState } from "./stack-state.ts";
import { clearStaleLocks } from "./stale-lock.ts";

export const projectName = "keyless-cosmos";

/**
 * Makes the backend of a stack usable again after its last `pulumi` was killed: removes locks of dead processes, after
 * waiting for one that lives, and files that were cut off while they were written.
 *
 * @returns what was done, a line each.
 * @throws DeploymentError KC-LOCKED.
 */
export async function mendBackend(
  backend: string,
  stack: string,
  report: (line: string) => void,
): Promise<string[]> {
  const locks = await clearStaleLocks(backend, projectName, stack, (holder) =>
    report(
      `Process ${holder.pid} updates this stack since ${holder.timestamp.toISOString()}: waiting until it ends`,
    ),
  );
  const done = locks.map(({ pid }) =>
    pid === 0
      ? "removed a lock that was cut off while it was written"
      : `removed the lock of process ${pid}, which is dead`,
  );
  const cutOff = removeCutOffAttributes(backend);
  if (cutOff > 0) done.push(`removed attribute files that were cut off while they were written: ${cutOff}`);
  return done;
}

/**
 * Brings a stack whose last update was cut off back to where an update can go on: mends its backend, looks up every
 * pending create in resource manager, imports what exists and clears the rest.
 *
 * @returns what was done, a line each; empty when there was nothing to mend.
 * @throws DeploymentError KC-LOCKED, KC-RECOVER.
 */
export async function recover(stack: string, report: (line: string) => void): Promise<string[]> {
  const { PULUMI_BACKEND_URL: backend = "", ARM_SUBSCRIPTION_ID: subscriptionId } = process.env;
  const done = await mendBackend(backend, stack, report);
  const state = await exportState(stack);
  const operations = state.deployment?.pending_operations ?? [];
  if (operations.length === 0) return done;
  if (subscriptionId === undefined) {
    throw new DeploymentError(
      "KC-RECOVER",
      "Creates are pending, but no subscription is selected to look them up in.",
      "Set ARM_SUBSCRIPTION_ID to the stack's subscription.",
    );
  }
  const creates = await findPendingCreates(operations, subscriptionId, await connect());
  await settlePendingOperations(stack, state, creates);
  for (const { resource, foundAs } of creates) {
    const name = resource.urn.split("::").slice(-2).join(" ");
    done.push(
      foundAs === undefined ? `cleared ${name}: it was not created` : `imported ${name} as ${foundAs}`,
    );
  }
  const others = operations.filter(({ type }) => type !== "creating").length;
  if (others > 0)
    done.push(`settled ${others} interrupted updates or deletes by reading the resources again`);
  return done;
}
