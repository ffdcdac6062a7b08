import type { StackOutputs } from "../infra/outputs/schema.ts";
import { type DataOperation, operationActions } from "../rbac/cosmos/operations.ts";
import type { DeclaredRights } from "./declared-rights.ts";
import type { Finding } from "./finding.ts";
import type { LiveGrants } from "./live-grants.ts";

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
 * @returns undefined when the outcome is as declared.
 */
export function judge(
  who: string,
  rights: DeclaredRights,
  container: DeclaredContainer,
  outcome: JudgedOutcome,
  live: LiveGrants,
): Finding | undefined {
  const grant = rights.grantFor(outcome.operation, container);
  const lacksAction = outcome.code === 403 && outcome.substatus === lackOfAction;
  if (grant === undefined ? lacksAction : outcome.allowed) return undefined;
  const what = `${who}: ${outcome.operation} on ${container.database}/${container.name}`;
  const came = shownOutcome(outcome);
  if (grant === undefined) {
    const actions = operationActions[outcome.operation].join(", ");
    const expected = `403/${lackOfAction}: no declared grant holds ${actions} there`;
    const why = outcome.allowed ? whyAllowed(rights.principalIds, live) : whyFailed(outcome);
    return { what, expected, came, ...why };
  }
  const name = `grant ${grant.id} (role ${grant.role} on ${grant.scope} for ${grant.principal})`;
  const why = live.missing.has(grant.id)
    ? {
        likelyCause: `${name} is missing: the account has no such role assignment`,
        fix: "pulumi up --refresh",
      }
    : whyFailed(outcome);
  return { what, expected: `allowed by ${name}`, came, ...why };
}

/** For example `403/5301 Request blocked …`; an item that was looked for and is not there answers `allowed (404)`. */
function shownOutcome({ allowed, code, substatus, message }: JudgedOutcome): string {
  if (allowed) return `allowed (${code})`;
  const status = substatus === undefined ? String(code) : `${code}/${substatus}`;
  return message ? `${status} ${message}` : status;
}

type Why = Pick<Finding, "likelyCause" | "fix" | "mayHeal">;

function whyAllowed(principalIds: readonly string[], { undeclared }: LiveGrants): Why {
  const own = undeclared.filter((one) => principalIds.includes(one.principalId.toLowerCase()));
  if (own.length > 0) {
    const names = own.map(({ id, scope }) => `${id} on ${scope}`).join(", ");
    return {
      likelyCause: `the account has a role assignment that is not declared: ${names}`,
      fix: "delete it, or declare it as a grant with its justification",
    };
  }
  return {
    likelyCause:
      "a role assignment of a group that the principal is in, or a deleted one that still has effect",
    fix: "list the account's sqlRoleAssignments, and delete or declare what reaches this container",
    mayHeal: true,
  };
}

function whyFailed({ code, substatus }: JudgedOutcome): Why {
  if (code === "none") {
    return {
      likelyCause: "no answer: the identity gave no token, or the account cannot be reached",
      fix: "check the identity and the account's endpoint; what came says which",
    };
  }
  if (code === 401) {
    return {
      likelyCause: "the token was refused: its audience, tenant or times are wrong",
      fix: "compare the token's aud, tid and exp with the account's endpoint, tenant and the clock here",
    };
  }
  if (code === 403 && substatus === lackOfAction) {
    return {
      likelyCause: "the role assignment has not propagated yet, or its role lacks the action",
      fix: "run `npm run smoke` again in some minutes; if it stays, `pulumi up --refresh`",
      mayHeal: true,
    };
  }
  if (code === 403) {
    return {
      likelyCause: "the account's firewall refuses this address",
      fix: "check publicNetworkAccess and ipRules of the account",
    };
  }
  return {
    likelyCause: "Cosmos DB failed for another reason than rights",
    fix: "what came says why; try again where it is 429 or 5xx",
  };
}
