import { broken, type Check, skipped } from "../check.ts";
import type { Facts } from "../facts/facts.ts";
import type { FederatedCredential } from "../facts/principal.ts";
import type { Claims } from "../facts/token.ts";

/**
 * An assertion that was handed over in place of a token: a federated credential of the principal must say the same issuer,
 * subject and audience, letter by letter
 * (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations).
 */
export function judgeAssertion(claims: Claims, { principal }: Facts): Check {
  const credentials = principal.seen ? principal.value?.credentials : undefined;
  if (credentials === undefined || !credentials.seen) {
    return skipped("what was given is an assertion, and the principal's federated credentials are not known");
  }
  const differences = credentials.value.federated.map((credential) => ({
    credential,
    faults: faultsOf(credential, claims),
  }));
  const [closest] = differences.toSorted((left, right) => left.faults.length - right.faults.length);
  if (closest?.faults.length === 0) {
    return skipped(
      `what was given is an assertion that the federated credential ${closest.credential.name} takes; the token that it is exchanged for can be checked`,
    );
  }
  return broken(
    "KC-DOCTOR-FEDERATION",
    closest === undefined
      ? "what was given is an assertion, and the application has no federated credential"
      : `no federated credential takes the assertion; ${closest.credential.name} is the closest: ${closest.faults.join(", ")}`,
    "make issuer, subject and audience of the federated credential equal to the assertion's iss, sub and aud, letter by letter",
  );
}

function faultsOf({ issuer, subject, audiences }: FederatedCredential, { iss, sub, aud }: Claims): string[] {
  return [
    ...(issuer === iss ? [] : [`its issuer is ${issuer}, the assertion's ${iss}`]),
    ...(subject === sub ? [] : [`its subject is ${subject}, the assertion's ${sub}`]),
    ...(audiences.includes(aud ?? "")
      ? []
      : [`its audience is ${audiences.join(" ")}, the assertion's ${aud}`]),
  ];
}
