import type { Platform } from "../core/platform.ts";
import {
  type RejectionReason,
  TokenRejected,
  type TokenVerifier,
  type VerifiedToken,
} from "../entra/tokens/verify.ts";
import { ArmError } from "./resource-provider.ts";

/** The audiences that resource manager takes, with and without a trailing slash. */
export function resourceManagerAudiences(origin: string): readonly string[] {
  return ["https://management.core.windows.net", "https://management.azure.com", origin].flatMap(
    (audience) => [`${audience}/`, audience],
  );
}

type Authenticator = (authorization: string | undefined) => VerifiedToken;

/**
 * Authenticates requests by their bearer token.
 *
 * The authenticator throws ArmError 401 with a `WWW-Authenticate` challenge that says where to get a token:
 * AuthenticationFailed, AuthenticationFailedInvalidHeader, InvalidAuthenticationToken, InvalidAuthenticationTokenAudience,
 * InvalidAuthenticationTokenTenant, ExpiredAuthenticationToken.
 */
export function createAuthenticator(platform: Platform, verifier: TokenVerifier): Authenticator {
  const { origin, tenantId } = platform;
  const audiences = resourceManagerAudiences(origin);
  const refuse = (code: string, message: string) =>
    new ArmError(401, code, message, {
      headers: {
        "WWW-Authenticate": `Bearer authorization_uri="${origin}/${tenantId}", error="invalid_token", error_description="${message.replace(/["\\\r\n]/g, "'")}"`,
      },
    });
  return (authorization) => {
    if (authorization === undefined || authorization === "") {
      throw refuse("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
    }
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) {
      throw refuse(
        "AuthenticationFailedInvalidHeader",
        "Authentication failed. The 'Authorization' header is provided in an invalid format.",
      );
    }
    try {
      return verifier.verify(token, audiences);
    } catch (error) {
      if (!(error instanceof TokenRejected)) throw error;
      throw refuse(codes[error.reason] ?? "InvalidAuthenticationToken", explain(error, audiences, tenantId));
    }
  };
}

const codes: Readonly<Partial<Record<RejectionReason, string>>> = {
  audience: "InvalidAuthenticationTokenAudience",
  issuer: "InvalidAuthenticationTokenTenant",
  tenant: "InvalidAuthenticationTokenTenant",
  expired: "ExpiredAuthenticationToken",
};

function explain(error: TokenRejected, audiences: readonly string[], tenantId: string): string {
  switch (error.reason) {
    case "audience":
      return `The access token has been obtained for wrong audience or resource. ${error.message} It should exactly match with one of the allowed audiences '${audiences.join("','")}'.`;
    case "issuer":
    case "tenant":
      return `The access token is from the wrong issuer. ${error.message} It must match the tenant '${tenantId}' associated with this subscription.`;
    case "expired":
      return `The access token is expired. ${error.message}`;
    default:
      return `The access token is invalid. ${error.message}`;
  }
}
