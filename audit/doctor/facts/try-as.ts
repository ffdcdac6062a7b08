import { acceptedAudiences, anyAccount } from "../audiences.ts";
import { isAzureEndpoint } from "../azure-endpoint.ts";
import { absent, type Seen } from "../check.ts";
import { isManagement, type Question } from "../question.ts";
import { type Attempt, tryOperation } from "./attempt.ts";
import type { PresentedCredential } from "./token.ts";

/**
 * Tries the question with the principal's own token. One for another resource is not shown to the account, and one for every
 * account only to what is known for Azure's: whoever else took it could use it on them all.
 *
 * @param account where it answers, and whether resource manager names that endpoint.
 */
export async function tryAs(
  credential: PresentedCredential | undefined,
  principalId: string | undefined,
  { endpoint, named }: { readonly endpoint: string; readonly named: boolean },
  question: Question,
): Promise<Seen<Attempt>> {
  if (credential?.text === undefined || credential.presented.kind !== "token") {
    return absent("there is no token of the principal to try it with");
  }
  const { aud, oid } = credential.presented.claims;
  if (!acceptedAudiences(endpoint).includes(aud ?? "")) return absent("the token is for another resource");
  if (aud === anyAccount && !named && !isAzureEndpoint(endpoint)) {
    return {
      seen: false,
      why: `${endpoint} is not one of Azure's endpoints, and the token for every account is not shown to it`,
      needs: "the account's ARM id in place of its endpoint, or a token for this account alone",
    };
  }
  if (principalId !== undefined && principalId.toLowerCase() !== oid?.toLowerCase()) {
    return absent("the token is another principal's");
  }
  if (isManagement(question.operation)) return absent(`the doctor does not try ${question.operation}`);
  return tryOperation(endpoint, credential.text, question);
}
