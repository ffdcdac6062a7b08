import { z } from "zod";
import type { AzureCloud } from "../../../connection/azure-cloud.ts";
import type { Seen } from "../check.ts";
import { look } from "./look.ts";

const deadlineMs = 20_000;
const refusalSchema = z.object({ error_description: z.string() });
const discoverySchema = z.object({ issuer: z.string() });

/** What the token service says of a tenant. */
export interface TokenService {
  readonly authority: string;
  /** How the tokens of version 1 and 2 name it in `iss`. */
  readonly issuers: readonly string[];
  /** How many seconds its clock is ahead of this machine's; negative when it is behind. */
  readonly aheadSeconds: number;
}

/**
 * Reads the tenant's discovery documents
 * (https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#find-your-apps-openid-configuration-document-uri).
 * Tokens are dated by the service that answers, so the `Date` of its answer is what this machine's clock is compared with.
 *
 * @param now the time here.
 */
export function askTokenService(
  { authority }: AzureCloud,
  tenantId: string,
  now: () => Date,
): Promise<Seen<TokenService>> {
  return look("the authority's discovery document", async () => {
    const [v1, v2] = await Promise.all([
      discover(`${authority}/${tenantId}/.well-known/openid-configuration`, now),
      discover(`${authority}/${tenantId}/v2.0/.well-known/openid-configuration`, now),
    ]);
    return { authority, issuers: [v1.issuer, v2.issuer], aheadSeconds: v2.aheadSeconds };
  });
}

async function discover(url: string, now: () => Date): Promise<{ issuer: string; aheadSeconds: number }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) });
  const here = now().getTime();
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(refusalSchema.parse(answer).error_description);
  const { issuer } = discoverySchema.parse(answer);
  const there = Date.parse(response.headers.get("date") ?? "");
  // The header tells whole seconds, so less than one is no difference.
  return { issuer, aheadSeconds: Number.isNaN(there) ? 0 : Math.trunc((there - here) / 1000) };
}
