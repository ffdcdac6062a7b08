import { ConnectionError } from "../../connection/connection-error.ts";
import type { StackOutputs } from "../../infra/outputs/schema.ts";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id that a principal is looked up by: an object id, a client id or a user principal name as it is, or the object id
 * behind a name of the stack. A workload in migration opens the account as its application, which its grants name.
 *
 * @throws ConnectionError KC-DOCTOR-PRINCIPAL.
 */
export function principalIdOf(name: string, outputs: StackOutputs | undefined): string {
  if (guid.test(name)) return name.toLowerCase();
  if (name.includes("@")) return name;
  const named = outputs === undefined ? new Map<string, string>() : namesIn(outputs);
  const found = named.get(name);
  if (found !== undefined) return found;
  throw new ConnectionError(
    "KC-DOCTOR-PRINCIPAL",
    outputs === undefined
      ? `"${name}" is no object id, client id or user principal name.`
      : `The stack has no principal "${name}": it has ${[...named.keys()].sort().join(", ") || "none"}.`,
    "Give an object id, a client id, a user principal name, or a name of the stack that --stack selects.",
  );
}

/** Later entries win: what holds grants is what reaches data. */
function namesIn(outputs: StackOutputs): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(outputs.groups).map(([name, { objectId }]) => [name, objectId] as const),
    ...[outputs.identities, outputs.applications, outputs.workloads].flatMap((group) =>
      Object.entries(group).map(([name, { principalId }]) => [name, principalId] as const),
    ),
    ...outputs.grants.map(({ principal, principalId }) => [principal, principalId] as const),
  ]);
}
