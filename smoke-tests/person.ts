import type { TokenCredential } from "@azure/identity";
import { personCredential } from "../connection/credential.ts";
import { untilReplicated } from "./replication.ts";

const cosmosScope = "https://cosmos.azure.com/.default";

/** A person who signed in for these tests. */
export interface Person {
  /** User principal name. */
  readonly username: string;
  readonly credential: TokenCredential;
  /** The object id in their token. */
  readonly objectId: string;
}

/**
 * Signs in the person that `SMOKE_PERSON_USERNAME` and `SMOKE_PERSON_PASSWORD` name, or says why there is none.
 *
 * @throws Error of the token service when it refuses them.
 */
export async function signInPerson(
  tenantId: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Person | { readonly unavailable: string }> {
  const { SMOKE_PERSON_USERNAME: username, SMOKE_PERSON_PASSWORD: password } = environment;
  if (!username || !password) {
    return { unavailable: "SMOKE_PERSON_USERNAME and SMOKE_PERSON_PASSWORD name nobody" };
  }
  const credential = personCredential({ tenantId, username, password }, environment);
  const token = await untilReplicated(
    `the directory to know ${username}`,
    () => credential.getToken(cosmosScope),
    (error) => /AADSTS50034\b/.test(String(error)),
  );
  const [, payload = ""] = (token?.token ?? "").split(".");
  const { oid } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { oid: string };
  return { username, credential, objectId: oid };
}
