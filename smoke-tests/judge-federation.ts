import type { FederatedCredentialOutput } from "../infra/outputs/schema.ts";
import type { FederatedAnswer } from "./federated-sign-in.ts";
import type { Finding } from "./finding.ts";

/** The key is none of the issuer's, or the issuer cannot be asked (https://github.com/Azure/login/issues/283 shows 501661). */
export const signatureRefused: readonly number[] = [7000272, 50166, 501661, 90061];
/** A new credential is unknown to some replicas for minutes: then nothing matches. */
const notKnownYet: readonly number[] = [70021, 700016, 700211, 700212, 700213, 7000229];

/** The federated credentials of `holder` that are not live as they are declared. */
export function credentialDifferences(
  holder: string,
  declared: readonly FederatedCredentialOutput[],
  live: readonly FederatedCredentialOutput[],
): Finding[] {
  const shown = (one: FederatedCredentialOutput | undefined) =>
    one === undefined ? "none" : `issuer ${one.issuer}, subject ${one.subject}, audience ${one.audience}`;
  const names = new Set([...declared, ...live].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [wanted, found] = [declared, live].map((list) => list.find((one) => one.name === name));
    if (shown(wanted) === shown(found)) return [];
    return [
      {
        what: `${holder}: federated credential ${name}`,
        expected: shown(wanted),
        came: shown(found),
        ...(found === undefined
          ? {
              likelyCause: "the directory has not replicated it yet, or somebody deleted it",
              fix: "run `npm run smoke` again in some minutes; if it stays, `pulumi up --refresh`",
              mayHeal: true,
            }
          : {
              likelyCause: "somebody changed or added it outside the program",
              fix: "find out who trusts that issuer, then `pulumi up --refresh` or delete it",
            }),
      },
    ];
  });
}

/**
 * Judges what the token service said to a token that must not be taken.
 *
 * @param codes numbers of the refusals that are right.
 */
export function judgeSignIn(what: string, came: FederatedAnswer, codes: readonly number[]): Finding[] {
  if (!came.gaveToken && came.code !== undefined && codes.includes(came.code)) return [];
  const expected = `a refusal with AADSTS${codes.join(" or AADSTS")}, never a token`;
  if (came.gaveToken) {
    return [
      {
        what,
        expected,
        came: "an access token",
        likelyCause: "the token service takes tokens that prove nothing",
        fix: "remove the federated credential and report it",
      },
    ];
  }
  const mayHeal = came.code !== undefined && notKnownYet.includes(came.code);
  return [
    {
      what,
      expected,
      came: `${came.status} ${came.description}`,
      likelyCause: mayHeal
        ? "the credential has not reached the token service yet, or it differs from what is declared"
        : "the token service refused it for another reason",
      fix: "run `npm run smoke` again in some minutes; what came says more",
      mayHeal,
    },
  ];
}
