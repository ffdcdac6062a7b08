import { describe, test } from "@jest/globals";
import { connect } from "../connection/azure-cloud.ts";
import { ServiceRefusal } from "../connection/azure-request.ts";
import type { FederatedCredentialOutput } from "../infra/outputs/schema.ts";
import { type ForgedAssertion, signInForged } from "./federated-sign-in.ts";
import { failOn } from "./finding.ts";
import { credentialDifferences, judgeSignIn, signatureRefused } from "./judge-federation.ts";
import { credentialsOfApplication, credentialsOfIdentity } from "./live-federated-credentials.ts";
import { untilPropagated } from "./propagation.ts";
import { readTarget } from "./target.ts";

const { outputs } = readTarget();

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
        failOn(await untilPropagated(name, async () => credentialDifferences(name, declared, await live())));
      });
    }

    for (const credential of declared) {
      const { name: own, issuer, subject, audience } = credential;
      const good: ForgedAssertion = { issuer, subject, audience };
      const wrong: readonly [string, ForgedAssertion, readonly number[]][] = [
        ["that is right otherwise", good, signatureRefused],
        ["of another issuer", { ...good, issuer: `${issuer}.example` }, [700211]],
        // Nobody but the issuer can sign: whether the subject or the signature is refused first, Entra does not say. So the
        // two show that the token is refused, not for what.
        ["of another subject", { ...good, subject: `${subject}-other` }, [700213, ...signatureRefused]],
        ["for another audience", { ...good, audience: `${audience}-other` }, [700212, ...signatureRefused]],
      ];
      for (const [how, assertion, codes] of wrong) {
        test(`${own}: a forged token ${how} is refused`, async () => {
          const what = `${name}: sign-in by ${own} with a forged token ${how}`;
          const look = async () =>
            judgeSignIn(
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
