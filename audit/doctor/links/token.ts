import { acceptedAudiences } from "../audiences.ts";
import { broken, type Check, holds, notSeen, skipped } from "../check.ts";
import type { Facts } from "../facts/facts.ts";
import type { Claims, Presented } from "../facts/token.ts";
import { timeText } from "../time-text.ts";
import { judgeAssertion } from "./assertion.ts";
import { signInFault } from "./sign-in-faults.ts";

/** The principal has a token, for this account, of its tenant and authority, valid now, and its own. */
export function judgeToken(facts: Facts): Check {
  const { presented } = facts;
  if (!presented.seen) return notSeen(presented);
  switch (presented.value.kind) {
    case "assertion":
      return judgeAssertion(presented.value.claims, facts);
    case "key":
      return skipped("what was given is an account key, not a token");
    case "malformed":
      return broken(
        "KC-DOCTOR-TOKEN-FORM",
        `what was given is not a token: ${presented.value.why}`,
        "give the access token alone: `az account get-access-token --scope https://cosmos.azure.com/.default --query accessToken -o tsv`",
      );
    case "refused":
      return judgeRefusal(presented.value, facts);
    case "token":
      return judgeClaims(presented.value.claims, facts);
  }
}

/** MSAL does not tell why a tenant has no discovery document; the token service does, to whoever asks. */
function judgeRefusal(
  refusal: Extract<Presented, { readonly kind: "refused" }>,
  { tokenService }: Facts,
): Check {
  const document = tokenService.seen ? "" : tokenService.why;
  const [, number] = /AADSTS(\d+)/.exec(refusal.message) ?? /AADSTS(\d+)/.exec(document) ?? [];
  const { code, fix } = signInFault(Number(number ?? 0));
  const message = refusal.message.includes("AADSTS") || number === undefined ? refusal.message : document;
  return broken(code, `no token was given: ${message}`, fix);
}

function judgeClaims(claims: Claims, facts: Facts): Check {
  const { tokenService, tenantId, now } = facts;
  const { aud, iss, tid, oid, exp, nbf } = claims;
  const accepted = acceptedAudiences(facts.endpoint);
  if (aud === undefined || !accepted.includes(aud)) {
    return broken(
      "KC-DOCTOR-TOKEN-AUDIENCE",
      `the token is for ${aud ?? "no audience"}, and the account takes ${accepted.join(" and ")}, without a final slash`,
      "ask for the scope https://cosmos.azure.com/.default",
    );
  }
  if (tenantId !== undefined && tid?.toLowerCase() !== tenantId.toLowerCase()) {
    return broken(
      "KC-DOCTOR-TOKEN-TENANT",
      `the token is of tenant ${tid ?? "none"}, and the account's is ${tenantId}`,
      "ask in the tenant of the account's subscription: AZURE_TENANT_ID, `az login --tenant`",
    );
  }
  if (tokenService.seen && !tokenService.value.issuers.includes(iss ?? "")) {
    return broken(
      "KC-DOCTOR-TOKEN-AUTHORITY",
      `the token was issued by ${iss ?? "nobody"}, and the tenant's authority is ${tokenService.value.issuers.join(" or ")}`,
      "ask the authority of the account's cloud: AZURE_AUTHORITY_HOST",
    );
  }
  const seconds = now.getTime() / 1000;
  if (exp === undefined || exp <= seconds) {
    return broken(
      "KC-DOCTOR-TOKEN-EXPIRED",
      `the token ended ${exp === undefined ? "at no time that it says" : `at ${timeText(exp)}`}, and it is ${now.toISOString()}`,
      "ask for a new one; a client that holds a credential renews by itself, one that was given a token does not",
    );
  }
  if (nbf !== undefined && nbf > seconds) {
    return broken(
      "KC-DOCTOR-TOKEN-NOT-YET",
      `the token begins at ${timeText(nbf)}, and it is ${now.toISOString()}`,
      "compare the clocks of the machine that asked for it and of this one",
    );
  }
  const id = facts.objectId;
  if (id !== undefined && oid?.toLowerCase() !== id) {
    return broken(
      "KC-DOCTOR-TOKEN-PRINCIPAL",
      `the token is of the principal ${oid ?? "none"}, not of ${id}`,
      "sign in as the principal that holds the grant, or ask about the one whose token this is",
    );
  }
  if (claims.groupOverage) {
    return broken(
      "KC-DOCTOR-TOO-MANY-GROUPS",
      "the principal is in more groups than a token carries (200), and the data plane refuses such a token",
      "take it out of groups, or grant to a managed identity or application of its own",
    );
  }
  return holds(`of ${oid ?? "no principal"}, for ${aud}, until ${timeText(exp)}`);
}
