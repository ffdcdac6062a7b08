import type { TokenCredential } from "@azure/identity";
import { z } from "zod";

const apiVersion = "7.6";
const vaultScope = "https://vault.azure.net/.default";
const timeoutMs = 60_000;

const refusalSchema = z.object({
  error: z.object({ code: z.string(), innererror: z.object({ code: z.string() }).nullish() }),
});

/** What a vault says to somebody who asks for a secret; never the secret. */
export interface VaultAnswer {
  readonly status: number;
  /** The code of a refusal, the inner one where there is one, for example ForbiddenByRbac. */
  readonly code: string | undefined;
}

/** Asks a vault for the newest version of a secret, as the credential's principal. */
export async function askForSecret(
  vaultUri: string,
  name: string,
  credential: TokenCredential,
): Promise<VaultAnswer> {
  const token = await credential.getToken(vaultScope);
  const response = await fetch(new URL(`/secrets/${name}?api-version=${apiVersion}`, vaultUri), {
    headers: { authorization: `Bearer ${token?.token}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.ok) {
    await response.body?.cancel();
    return { status: response.status, code: undefined };
  }
  const refusal = refusalSchema.safeParse(await response.json().catch(() => undefined));
  return {
    status: response.status,
    code: refusal.success ? (refusal.data.error.innererror?.code ?? refusal.data.error.code) : undefined,
  };
}
