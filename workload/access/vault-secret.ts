import { type KeyVaultSecret, SecretClient } from "@azure/keyvault-secrets";
import type { FailureLog } from "../failures/access-failure.ts";
import { refusalByKeyVault } from "../failures/refusal-by-azure.ts";
import type { AccessMode } from "./access-mode.ts";
import { isMicrosoftVault } from "./microsoft-hosts.ts";

export interface VaultSecret {
  readonly value: string;
  readonly version: string;
  /** When it ends, in milliseconds since the Unix epoch; undefined when nothing says so. */
  readonly endsAt: number | undefined;
}

/**
 * Reads the newest version of a secret. A vault that refuses the token is asked once more with a new one.
 *
 * @throws what the client of Key Vault throws; refusals are logged.
 */
export async function readNewestSecret(
  { vaultUrl, secretName }: { readonly vaultUrl: string; readonly secretName: string },
  access: AccessMode,
  log: FailureLog,
): Promise<VaultSecret> {
  const read = async () => {
    try {
      return await clientOf(vaultUrl, access).getSecret(secretName);
    } catch (error) {
      const refusal = refusalByKeyVault(error, {
        principal: access.principal,
        action: "getSecret",
        resource: `${vaultUrl.replace(/\/$/, "")}/secrets/${secretName}`,
      });
      if (refusal !== undefined) log(refusal);
      if (refusal?.code !== 401) throw error;
      return undefined;
    }
  };
  let secret = await read();
  if (secret === undefined) {
    access.renew();
    secret = await read();
  }
  return described(secret, secretName);
}

/** A client keeps its token; a new one asks the credential. */
function clientOf(vaultUrl: string, { credential }: AccessMode): SecretClient {
  return new SecretClient(vaultUrl, credential, {
    // The challenge names the audience of Microsoft's vaults, under whose domain a vault of another cloud does not lie.
    disableChallengeResourceVerification: !isMicrosoftVault(vaultUrl),
  });
}

function described(secret: KeyVaultSecret | undefined, secretName: string): VaultSecret {
  const { value, properties: { version, expiresOn } = {} } = secret ?? {};
  if (value === undefined || version === undefined) {
    throw new Error(`Key Vault gave no value for the secret ${secretName}.`);
  }
  return { value, version, endsAt: expiresOn?.getTime() };
}
