import type { TokenCredential } from "@azure/identity";
import { tokenClient } from "../connection/data-plane-attempt.ts";
import type { StackOutputs } from "../infra/outputs/schema.ts";
import { tryOperations } from "./attempts.ts";
import { declaredRights } from "./declared-rights.ts";
import { type Finding, failOn } from "./finding.ts";
import { judge } from "./judge.ts";
import type { LiveGrants } from "./live-grants.ts";
import { untilPropagated } from "./propagation.ts";

/**
 * Tries every operation on every container as a principal, until what comes is what the declared grants say.
 *
 * @param who how the principal is called in messages.
 * @throws Error, a finding, when it stays otherwise.
 */
export async function expectDeclaredRights(
  outputs: StackOutputs,
  live: LiveGrants,
  who: string,
  objectId: string,
  credential: TokenCredential,
): Promise<void> {
  const rights = declaredRights(outputs, objectId);
  const look = async () => {
    const client = tokenClient(outputs.account.endpoint, credential);
    const findings: Finding[] = [];
    for (const container of outputs.containers) {
      const outcomes = await tryOperations(
        client,
        container,
        (operation) => rights.grantFor(operation, container) !== undefined,
      );
      findings.push(...outcomes.flatMap((outcome) => judge(who, rights, container, outcome, live) ?? []));
    }
    client.dispose();
    return findings;
  };
  failOn(await untilPropagated(who, look));
}
