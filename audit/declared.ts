import type { StackOutputs } from "../infra/outputs/schema.ts";

/** One line of the audit: who may do what, where, why, until when. */
export interface DeclaredAccess {
  readonly principal: string;
  readonly principalId: string;
  readonly role: string;
  readonly dataActions: readonly string[];
  readonly scope: string;
  readonly justification: string;
  readonly owner: string;
  /** `YYYY-MM-DD`. */
  readonly reviewBy: string;
  /** True when the review date lies before the day of the audit. */
  readonly reviewOverdue: boolean;
}

const actionPrefix = "Microsoft.DocumentDB/databaseAccounts/";

/**
 * The declared grants of a stack, sorted by principal and scope.
 *
 * @param today `YYYY-MM-DD`.
 */
export function declaredAccess(outputs: StackOutputs, today: string): DeclaredAccess[] {
  return outputs.grants
    .map(({ principal, principalId, role, dataActions, scope, justification, owner, reviewBy }) => ({
      principal,
      principalId,
      role,
      dataActions: dataActions.map((action) => action.replace(actionPrefix, "")),
      scope,
      justification,
      owner,
      reviewBy,
      reviewOverdue: reviewBy < today,
    }))
    .sort((left, right) =>
      `${left.principal} ${left.scope}`.localeCompare(`${right.principal} ${right.scope}`),
    );
}
