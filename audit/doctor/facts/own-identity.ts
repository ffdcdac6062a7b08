import { type AzureCloud, bearer } from "../../../connection/azure-cloud.ts";
import { type Claims, readCredential } from "./token.ts";

/** Who runs the doctor, as far as that can be known without a token. */
export interface OwnIdentity {
  readonly id: string | undefined;
  /** Told by its token alone. */
  readonly objectId: string | undefined;
  /** Every id that means it. */
  readonly ids: readonly string[];
  readonly tenantId: string | undefined;
}

/**
 * Reads the runner's own token for resource manager; without one, what the environment says of it.
 *
 * Why there is no token is told wherever it would have been used.
 */
export async function ownIdentity(cloud: AzureCloud, environment: NodeJS.ProcessEnv): Promise<OwnIdentity> {
  const claims = await ownClaims(cloud);
  if (claims === undefined) {
    const id = environment.ARM_CLIENT_ID ?? environment.AZURE_CLIENT_ID;
    const tenantId = environment.ARM_TENANT_ID ?? environment.AZURE_TENANT_ID;
    return { id, objectId: undefined, ids: id === undefined ? [] : [id], tenantId };
  }
  const { oid, appid, idtyp, tid } = claims;
  // The client id in a person's token is that of the program that signed them in.
  const ids = [oid, idtyp === "app" ? appid : undefined].flatMap((id) => id ?? []);
  return { id: oid, objectId: oid, ids, tenantId: tid };
}

/** The claims of the runner's token for resource manager; undefined where there is none. */
async function ownClaims(cloud: AzureCloud): Promise<Claims | undefined> {
  try {
    const { presented } = readCredential(await bearer(cloud));
    return presented.kind === "token" ? presented.claims : undefined;
  } catch {
    return undefined;
  }
}
