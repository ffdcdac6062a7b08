import { createHash } from "node:crypto";
import type { DirectoryObject } from "../directory.ts";

/**
 * The claim `sub` of a user: another value for each client, so that two clients cannot tell that they serve the same
 * person (https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference).
 *
 * @param clientId application id.
 */
export function pairwiseSubject(tenantId: string, clientId: string, userId: string): string {
  return createHash("sha256").update(`${tenantId}/${clientId}/${userId}`).digest("base64url");
}

export function principalNameOf(user: DirectoryObject): string {
  return String(user.properties.userPrincipalName ?? "");
}

export function mailOf(user: DirectoryObject): string | undefined {
  const { mail } = user.properties;
  return typeof mail === "string" && mail !== "" ? mail : undefined;
}
