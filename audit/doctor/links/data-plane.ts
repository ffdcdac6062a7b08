import { broken, type Check, holds, notSeen, skipped } from "../check.ts";
import type { Attempt } from "../facts/attempt.ts";
import { type Facts, groupsInToken } from "../facts/facts.ts";
import { firewallRefusal } from "./firewall.ts";
import { coveringAssignments, judgeGrant } from "./grant.ts";
import { judgeToken } from "./token.ts";

const lackOfAction = 5301;

/** The data plane does for the principal's own token what every other link says it should. */
export function judgeDataPlane(facts: Facts): Check {
  const { attempt } = facts;
  if (!attempt.seen) return notSeen(attempt);
  const { operation, allowed, code, left } = attempt.value;
  if (allowed) {
    return holds(
      `${operation} is allowed (${code})`,
      left === undefined
        ? []
        : [
            {
              code: "KC-DOCTOR-ITEM-LEFT",
              why: `the item ${left} was created and could not be deleted again`,
              fix: "delete it as a principal that may",
            },
          ],
    );
  }
  if (code === 401) return judgeUnauthorized(facts, attempt.value);
  if (code === 403 && attempt.value.substatus === lackOfAction) return judgeLack(facts, attempt.value);
  if (code === 403 && firewallRefusal(facts) !== undefined)
    return skipped("the firewall refuses this address");
  if (code === 404) return skipped("the target does not exist");
  return {
    state: "unseen",
    why: `${operation} was answered ${shown(attempt.value)}`,
    needs: "another answer: try again, and read what came",
  };
}

function judgeUnauthorized(facts: Facts, attempt: Attempt): Check {
  if (judgeToken(facts).state === "broken") return skipped(`the token is refused with ${shown(attempt)}`);
  return broken(
    "KC-DOCTOR-TOKEN-REFUSED",
    `the data plane refuses the token although its claims are right: ${shown(attempt)}`,
    "ask for a new one and hand it on whole: a token that was cut off or changed has no valid signature",
  );
}

/** 403/5301 although there is a grant: it has not arrived yet, or the token is older than the membership. */
function judgeLack(facts: Facts, attempt: Attempt): Check {
  const { roles } = facts;
  if (!roles.seen || judgeGrant(facts).state !== "holds") {
    return skipped(`${attempt.operation} is refused with ${shown(attempt)}`);
  }
  const { covering } = coveringAssignments(facts, roles.value);
  const inToken = groupsInToken(facts);
  const id = facts.objectId;
  const unknown = covering.find(({ principalId }) => principalId !== id && !inToken.includes(principalId));
  if (unknown !== undefined) {
    return broken(
      "KC-DOCTOR-GROUP-NOT-IN-TOKEN",
      `the grant is the group's ${unknown.principalId}, and the token was issued before the principal was in it`,
      "ask for a new token: sign in again; a managed identity's lags up to 24 h",
    );
  }
  const since = covering
    .flatMap(({ writtenAt }) => writtenAt ?? [])
    .toSorted()
    .at(-1);
  const when = since === undefined ? "resource manager does not tell since when" : `written at ${since}`;
  return broken(
    "KC-DOCTOR-PROPAGATING",
    `resource manager has the role assignment (${when}), and the data plane does not know it yet: ${shown(attempt)}`,
    "wait: role assignments take minutes to arrive; try again then",
  );
}

function shown({ code, substatus, message }: Attempt): string {
  const status = substatus ? `${code}/${substatus}` : String(code);
  return message === "" ? status : `${status} ${message}`;
}
