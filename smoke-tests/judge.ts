import type { StackOutputs } from "../infra/outputs/schema.ts";
import { type DataOperation, operationActions } from "../rbac/cosmos/operations.ts";
import type { DeclaredRights } from "./declared-rights.ts";
import type { Finding } from "./finding.ts";

type DeclaredContainer = StackOutputs["containers"][number];

/** What came of an operation, as far as judging needs it. */
export interface JudgedOutcome {
  readonly operation: DataOperation;
  readonly allowed: boolean;
  readonly code: number | "none";
  readonly substatus?: number | undefined;
  readonly message?: string | undefined;
}

const lackOfAction = 5301;

/**
 * Compares what came of an operation with what the declared grants say.
 *
 * @param who how the principal is called in messages.
 * @param missing ids of declared grants that resource manager does not have.
 */
export function judge(
  who: string,
  rights: DeclaredRights,
  container: DeclaredContainer,
  outcome: JudgedOutcome,
  missing: ReadonlySet<string>,
): Finding | undefined {
  const grant = rights.grantFor(outcome.operation, container);
  const what = `${who}: ${outcome.operation} on ${container.database}/${container.name}`;
  const came = `${outcome.code}${outcome.substatus === undefined ? "" : `/${outcome.substatus}`}${outcome.message ? ` ${outcome.message}` : ""}`;
  if (grant !== undefined) {
    if (outcome.allowed) return undefined;
    const name = `grant ${grant.id} (${grant.role} on ${grant.scope} for ${grant.principal})`;
    return {
      what,
      expected: `allowed by ${name}`,
      came,
      ...(missing.has(grant.id)
        ? { likelyCause: `${name} is missing: the role assignment was deleted`, fix: "pulumi up --refresh" }
        : { likelyCause: whyRefused(outcome), fix: fixOf(outcome) }),
    };
  }
  const refusedRightly = outcome.code === 403 && outcome.substatus === lackOfAction;
  if (refusedRightly) return undefined;
  return {
    what,
    expected: `403/${lackOfAction}: no declared grant holds ${operationActions[outcome.operation].join(", ")} there`,
    came,
    ...(outcome.allowed
      ? {
          likelyCause: "a role assignment that is not declared here reaches this container",
          fix: "list the account's sqlRoleAssignments, and delete or declare it",
        }
      : { likelyCause: whyRefused(outcome), fix: fixOf(outcome) }),
  };
}

function whyRefused(outcome: JudgedOutcome): string {
  if (outcome.code === "none")
    return "no answer: the identity gave no token, or the account cannot be reached";
  if (outcome.code === 401) return "the token was refused: wrong audience, tenant or time";
  if (outcome.code === 403 && outcome.substatus === lackOfAction)
    return "the role assignment has not propagated yet";
  if (outcome.code === 403)
    return "the account's firewall refuses this address, or the operation is a management one";
  return "Cosmos DB failed for another reason than rights";
}

function fixOf(outcome: JudgedOutcome): string {
  if (outcome.code === "none")
    return "check the site's identity and the account's endpoint; the message above says which";
  if (outcome.code === 401) return "docs/errors.md, KC-TOKEN";
  if (outcome.code === 403 && outcome.substatus === lackOfAction)
    return "wait some minutes and run `npm run smoke` again";
  if (outcome.code === 403) return "check publicNetworkAccess and ipRules of the account";
  return "the message above says why";
}
