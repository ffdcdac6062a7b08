import { setTimeout as delay } from "node:timers/promises";
import type { ArmAnswer, ArmCall } from "../../../arm/resource-provider.ts";
import type { CosmosServices } from "../services.ts";
import { ownerAccount } from "../sql/rules.ts";

/**
 * How long a role write keeps its account's lock after it took effect. On Azure that is seconds; without any, writers that
 * forget to queue would pass here and fail there.
 */
const lockMilliseconds = 25;

/**
 * Begins a write of a role definition or assignment under the account's exclusive lock. What `work` throws fails the
 * operation, not the request: Azure looks at principals, scopes and limits only then
 * (https://github.com/pulumi/pulumi-azure-native/issues/2816).
 *
 * @throws ArmError 412 PreconditionFailed while another such write is under way.
 */
export function beginRoleWrite(
  call: ArmCall,
  { locks, beginOperation }: CosmosServices,
  work: () => Promise<unknown>,
): ArmAnswer {
  const locked = locks.hold(call, ownerAccount(call.id), async () => {
    const result = await work();
    await delay(lockMilliseconds);
    return result;
  });
  return beginOperation(call, locked, { status: 202, body: { status: "Enqueued" } });
}
