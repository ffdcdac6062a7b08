import type { Client } from "../clients/client.ts";
import { invalidGrant, quotable, type TokenError } from "../tokens/token-error.ts";
import type { OnBehalfOfRequest } from "../tokens/token-request.ts";
import { TokenRejected, type VerifiedToken } from "../tokens/verify.ts";
import type { GrantServices, UserGrant } from "./grant.ts";
import { userOfGrant } from "./user-of-grant.ts";

/**
 * On behalf of: a service that was called with a person's token asks for one for the next service.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 *
 * Refusals: 50013 for a token that this tenant has not signed, 500131 for one that is not for this client, 500133 outside
 * its time, 7000113 for one of an application, 240002 for an id token.
 */
export const onBehalfOfGrant: UserGrant<OnBehalfOfRequest> = {
  category: "NonInteractiveUserSignInLogs",
  protocol: "oAuth2",
  needsTenant: true,
  isPublic: () => false,
  redeem({ assertion, scope }, client, services) {
    const { principalId, claims } = verifyAssertion(assertion, client, services);
    if (typeof claims.scp !== "string") {
      throw claims.sub === principalId
        ? invalidGrant(
            7000113,
            `Application '${client.principal.appId}' is not authorized to make application on-behalf-of calls: the assertion is the token of an application, not of a user.`,
          )
        : invalidGrant(
            240002,
            "Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant.",
          );
    }
    return { user: userOfGrant(services.directory, principalId), scope, agreedScope: scope };
  },
};

function verifyAssertion(
  assertion: string,
  client: Client,
  { ownTokens, platform, resources }: GrantServices,
): VerifiedToken {
  const { appId } = client.principal;
  try {
    // The same look-up by which the token was written: no name that the client has may make another's token its own.
    return ownTokens.verify(assertion, (audience) => resources.appIdOf(audience) === appId);
  } catch (error) {
    if (error instanceof TokenRejected) throw refusalOf(error, client, platform.clock.now());
    throw error;
  }
}

function refusalOf({ reason, message }: TokenRejected, { principal }: Client, now: Date): TokenError {
  switch (reason) {
    case "audience":
      return invalidGrant(
        500131,
        `Assertion audience does not match the Client app presenting the assertion. ${quotable(message)} The expected audience is '${principal.appId}' or one of the Application Uris of this application with App ID '${principal.appId}'(${principal.displayName}).`,
      );
    case "expired":
    case "notYetValid":
      return invalidGrant(
        500133,
        `Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token. Current time: ${now.toISOString()}. ${message}`,
      );
    default:
      return invalidGrant(50013, `Assertion failed signature validation. [Reason - ${message}]`);
  }
}
