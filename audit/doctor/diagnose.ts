import type { Check, Note } from "./check.ts";
import type { Facts } from "./facts/facts.ts";
import { type DoctorRequest, gatherFacts, type Surroundings } from "./facts/gather.ts";
import type { Claims } from "./facts/token.ts";
import { links } from "./links/order.ts";
import { formatTarget } from "./question.ts";

/** One link as it was found. */
export interface CheckedLink {
  readonly link: string;
  readonly check: Check;
}

/** The first broken link. */
export interface Cause extends Note {
  readonly link: string;
}

/** What the doctor found out. */
export interface Diagnosis {
  readonly principal: string;
  readonly principalId: string | undefined;
  readonly account: string;
  readonly target: string;
  readonly operation: string;
  /** The claims of the token that was looked at, never its text. */
  readonly token: Claims | undefined;
  readonly links: readonly CheckedLink[];
  readonly notes: readonly Note[];
  readonly cause: Cause | undefined;
  /** `works`: tried, or no link is broken. `unseen`: no cause was found, but not every link could be looked at. */
  readonly verdict: "works" | "broken" | "unseen";
  /** Whether the operation was tried with the principal's own token, and allowed. */
  readonly tried: boolean;
}

/** Looks for the first broken link between a principal and an account. */
export async function diagnose(request: DoctorRequest, surroundings: Surroundings): Promise<Diagnosis> {
  return judge(await gatherFacts(request, surroundings));
}

/** Judges every link. Where the data plane has just allowed the operation, nothing is a cause: what is amiss is a note. */
export function judge(facts: Facts): Diagnosis {
  const tried = facts.attempt.seen && facts.attempt.value.allowed;
  const checked = links.map(({ name, judge: judgeLink }) => {
    const check = judgeLink(facts);
    return { link: name, check: tried ? withoutCause(check) : check };
  });
  const [cause] = checked.flatMap(({ link, check }) => {
    if (check.state !== "broken") return [];
    const { code, why, fix } = check;
    return [{ link, code, why, fix }];
  });
  const unseen = !tried && checked.some(({ check }) => check.state === "unseen");
  const { account, endpoint, presented, principal, question } = facts;
  const found = principal.seen ? principal.value : undefined;
  return {
    principal: found === undefined ? facts.askedFor : `${found.displayName} (${found.kind})`,
    principalId: found?.objectId,
    account: (account.seen ? account.value?.name : undefined) ?? endpoint ?? "unknown",
    target: formatTarget(question.target),
    operation: question.operation,
    token: presented.seen && "claims" in presented.value ? presented.value.claims : undefined,
    links: checked,
    notes: checked.flatMap(({ check }) => (check.state === "holds" ? (check.notes ?? []) : [])),
    cause,
    verdict: cause !== undefined ? "broken" : unseen ? "unseen" : "works",
    tried,
  };
}

function withoutCause(check: Check): Check {
  if (check.state !== "broken") return check;
  const { code, why, fix } = check;
  return { state: "holds", why: "amiss, though the operation is allowed", notes: [{ code, why, fix }] };
}
