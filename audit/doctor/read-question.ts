import type { StackOutputs } from "../../infra/outputs/schema.ts";
import { actionsMatching } from "../../rbac/cosmos/data-actions.ts";
import type { DataOperation } from "../../rbac/cosmos/operations.ts";
import { actionsOf, type Operation, operationFor, parseTarget, type Question } from "./question.ts";

/** The parts of a question that were given. */
interface GivenQuestion {
  readonly outputs?: StackOutputs;
  readonly target?: string;
  readonly operation?: Operation;
  readonly write?: boolean;
  readonly address?: string;
}

/** What stands for "reaching items" where no operation is named: the first of these that the declared grant allows. */
const usual: readonly DataOperation[] = ["readItem", "queryItems", "readChangeFeed", "createItem"];

/**
 * The question in full. A target that is not given is where the principal's first declared grant reaches, an operation that
 * is not given is one that this grant allows: what was never declared is not asked about.
 *
 * @param principalId object id, where it is known.
 * @throws ConnectionError KC-DOCTOR-TARGET.
 */
export function readQuestion(given: GivenQuestion, principalId: string | undefined): Question {
  const grant = (given.outputs?.grants ?? []).find(
    (each) =>
      each.principalId.toLowerCase() === principalId?.toLowerCase() &&
      (given.target === undefined || given.target === each.scope),
  );
  const target = parseTarget(given.target ?? grant?.scope ?? "account");
  const held = new Set((grant?.dataActions ?? []).flatMap(actionsMatching));
  const declared = usual.find((operation) => actionsOf(operation).every((action) => held.has(action)));
  const operation =
    given.operation ?? (target.container === undefined ? undefined : declared) ?? operationFor(target);
  const { address } = given;
  return { target, operation, write: given.write === true, ...(address === undefined ? {} : { address }) };
}
