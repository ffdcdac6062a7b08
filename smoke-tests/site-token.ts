import type { TokenCredential } from "@azure/identity";
import type { WorkloadOutput } from "../infra/outputs/schema.ts";
import { failOn } from "./finding.ts";
import { untilReplicated } from "./replication.ts";

/** What the token service says while it does not know a registration that was just made. */
const notKnownYet = /AADSTS(500011|650052|700016)\b/;

/**
 * A token for a workload's own registration.
 *
 * @param who how the credential's principal is called in messages.
 * @throws Error, a finding, when there is none.
 */
export async function siteToken(
  name: string,
  { clientId }: Pick<WorkloadOutput, "clientId">,
  credential: TokenCredential,
  who: string,
): Promise<string> {
  const what = `${name}: a token of ${who} for the workload's registration`;
  const fail = (came: string, likelyCause: string, fix: string): never => {
    failOn([{ what, expected: "a token", came, likelyCause, fix }]);
    throw new Error(what);
  };
  if (clientId === undefined) {
    return fail(
      "the stack's outputs name no registration",
      "the stack was deployed before workloads had registrations of their own",
      "`pulumi up`, then `npm run deploy`",
    );
  }
  try {
    const token = await untilReplicated(
      `the token service to know the registration of ${name}`,
      () => credential.getToken(`${clientId}/.default`),
      (error) => notKnownYet.test(String(error)),
    );
    if (token !== null) return token.token;
    return fail("nothing", "the credential gives no tokens here", "sign in: `az login`");
  } catch (error) {
    const [said = ""] = String(error).match(/AADSTS\d+[^\r\n]*/) ?? [String(error).split("\n", 1)[0] ?? ""];
    return fail(
      said,
      "the registration has no service principal, or asks for an assignment or consent that is not given",
      "look at the enterprise application of the workload in Entra ID, then `pulumi up --refresh`",
    );
  }
}
