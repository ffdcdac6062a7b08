import { broken, type Check, holds, notSeen, skipped } from "../check.ts";
import type { Facts } from "../facts/facts.ts";
import type { TimedCredential } from "../facts/principal.ts";

/** A credential that was made just now may begin after the time that the token service told a moment ago. */
const toleratedMs = 60_000;

/** The application has at least one way to prove itself that is good now. */
export function judgeCredential({ principal, now }: Facts): Check {
  if (!principal.seen) return skipped("the principal is not known");
  const credentials = principal.value?.credentials;
  if (credentials === undefined) return skipped("only an application's credentials can be looked at");
  if (!credentials.seen) return notSeen(credentials);
  const { timed, federated } = credentials.value;
  const isGood = ({ starts, ends }: TimedCredential) =>
    Date.parse(starts) - toleratedMs <= now.getTime() && now.getTime() < Date.parse(ends);
  const good = timed.filter(isGood);
  if (good.length + federated.length > 0) {
    const ways = [
      ...good.map(({ kind, name, ends }) => `${kind} ${name} until ${ends}`),
      ...federated.map(
        ({ name, issuer, subject }) => `federated credential ${name} for ${subject} of ${issuer}`,
      ),
    ];
    return holds(ways.join(", "));
  }
  const [latest] = timed.toSorted((left, right) => right.ends.localeCompare(left.ends));
  if (latest === undefined) {
    return broken(
      "KC-DOCTOR-NO-CREDENTIAL",
      "the application has neither a federated credential nor a certificate nor a secret",
      "give the application a federated credential, or use a managed identity",
    );
  }
  return broken(
    "KC-DOCTOR-CREDENTIAL-EXPIRED",
    `no ${latest.kind} of the application is valid now; the last one ends at ${latest.ends}`,
    "take the newest secret from the vault; `pulumi up` rotates one that the program made",
  );
}
