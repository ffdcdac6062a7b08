import { describe, test } from "@jest/globals";
import { connect } from "../connection/azure-cloud.ts";
import { ServiceRefusal } from "../connection/azure-request.ts";
import type { FederatedCredentialOutput } from "../infra/outputs/schema.ts";
import { type FederatedAnswer, type ForgedAssertion, signInForged } from "./federated-sign-in.ts";
import { type Finding, failOn } from "./finding.ts";
import { credentialsOfApplication, credentialsOfIdentity } from "./live-federated-credentials.ts";
import { untilPropagated } from "./propagation.ts";
import { readTarget } from "./target.ts";

const { outputs } = readTarget();
/** The key is none of the issuer's, or the issuer cannot be asked. */
const signatureRefused = [7000272, 50166, 90061];

const cloud = await connect();
const holders = [
  ...Object.entries(outputs.applications).map(
    ([name, application]) => [name, application, () => credentialsOfApplication(cloud, application)] as const,
  ),
  ...Object.entries(outputs.identities).map(
    ([name, identity]) => [name, identity, () => credentialsOfIdentity(cloud, outputs, identity)] as const,
  ),
].filter(([, { federatedCredentials }]) => federatedCredentials.length > 0);
if (holders.length === 0)
  (test.skip as typeof test)("(skipped: no federated credential is declared)", () => {});
for (const [name, holder, live] of holders) proveHolder(name, holder, live, await whyUnreadable(live));

/** Why whoever runs the tests may not read federated credentials; undefined when they may. */
async function whyUnreadable(live: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await live();
    return undefined;
  } catch (error) {
    if (error instanceof ServiceRefusal && error.status === 403) return error.message;
    throw error;
  }
}

function proveHolder(
  name: string,
  holder: { readonly clientId: string; readonly federatedCredentials: readonly FederatedCredentialOutput[] },
  live: () => Promise<FederatedCredentialOutput[]>,
  unreadable: string | undefined,
): void {
  const { clientId, federatedCredentials: declared } = holder;
  describe(`federated credentials of ${name}`, () => {
    if (unreadable !== undefined) {
      (test.skip as typeof test)(`are live exactly as declared (skipped: ${unreadable})`, () => {});
    } else {
      test("are live exactly as declared", async () => {
        failOn(await untilPropagated(name, async () => differences(name, declared, await live())));
      });
    }

    for (const credential of declared) {
      const { name: own, issuer, subject, audience } = credential;
      const good: ForgedAssertion = { issuer, subject, audience };
      const wrong: readonly [string, ForgedAssertion, readonly number[]][] = [
        ["that its issuer did not sign", good, signatureRefused],
        ["of another subject", { ...good, subject: `${subject}-other` }, [700213]],
        ["of another issuer", { ...good, issuer: `${issuer}.example` }, [700211]],
        ["for another audience", { ...good, audience: `${audience}-other` }, [700212]],
      ];
      for (const [how, assertion, codes] of wrong) {
        test(`${own}: a token ${how} is refused: AADSTS${codes.join("/")}`, async () => {
          const what = `${name}: sign-in by ${own} with a token ${how}`;
          const look = async () =>
            judgeRefusal(
              what,
              await signInForged(cloud.authority, outputs.tenantId, clientId, assertion),
              codes,
            );
          failOn(await untilPropagated(what, look));
        });
      }
    }
  });
}

function differences(
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

function judgeRefusal(what: string, came: FederatedAnswer, codes: readonly number[]): Finding[] {
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
  // A new credential is unknown to some replicas for minutes: then nothing matches.
  const mayHeal =
    came.code !== undefined && [70021, 700016, 700211, 700212, 700213, 7000229].includes(came.code);
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
