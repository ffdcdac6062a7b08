import type { Platform } from "../../core/platform.ts";
import { firstParty } from "../../entra/first-party.ts";
import { issuerOf } from "../../entra/tenants.ts";
import { TokenRejected, type TokenVerifier, type VerifiedToken } from "../../entra/tokens/verify.ts";
import { KeyVaultError } from "./errors.ts";

const resource = "https://vault.azure.net";

/**
 * Authenticates requests by their bearer token. SDKs send a first request without one to learn from the challenge where
 * to get it and for which resource
 * (https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses).
 *
 * The authenticator throws KeyVaultError 401 Unauthorized with the challenge.
 */
export function createAuthenticator(
  { origin, tenantId }: Pick<Platform, "origin" | "tenantId">,
  verifier: TokenVerifier,
): (authorization: string | null) => VerifiedToken {
  const challenge = `Bearer authorization="${origin}/${tenantId}", resource="${resource}"`;
  const refuse = (message: string) =>
    new KeyVaultError(401, "Unauthorized", message, { headers: { "WWW-Authenticate": challenge } });
  return (authorization) => {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw refuse("AKV10000: Request is missing a Bearer or PoP token.");
    try {
      return verifier.verify(token, firstParty.keyVault.identifierUris);
    } catch (error) {
      if (!(error instanceof TokenRejected)) throw error;
      throw refuse(explain(error, tenantId));
    }
  };
}

function explain({ reason, message }: TokenRejected, tenantId: string): string {
  switch (reason) {
    case "audience":
      return `AKV10022: Invalid audience. Expected ${resource}. ${message}`;
    case "issuer":
    case "tenant":
      return `AKV10032: Invalid issuer. Expected one of ${issuerOf(tenantId)}. ${message}`;
    case "key":
      return `AKV10046: Unable to resolve the key used for signature validation. ${message}`;
    case "expired":
      return `[TokenExpired] Error validating token: ${message}`;
    default:
      return `Error validating token: ${message}`;
  }
}
