import type { Client } from "../clients/client.ts";
import type { TokenRequest } from "../tokens/token-request.ts";
import { authorizationCodeGrant } from "./authorization-code.ts";
import { deviceCodeGrant } from "./device-code.ts";
import type { GrantServices, RedeemedGrant, UserGrant } from "./grant.ts";
import { onBehalfOfGrant } from "./on-behalf-of.ts";
import { passwordGrant } from "./password.ts";
import { refreshTokenGrant } from "./refresh-token.ts";

/** A grant together with the request that brings it. */
export interface BoundGrant extends Pick<UserGrant<never>, "category" | "protocol"> {
  readonly needsTenant: boolean;
  isPublic(client: Client, services: GrantServices): boolean;
  redeem(client: Client, services: GrantServices): RedeemedGrant;
}

/** The grant by which a client acts for a person, or undefined when it acts for itself. */
export function userGrantOf(request: TokenRequest): BoundGrant | undefined {
  switch (request.grant) {
    case "client_credentials":
      return undefined;
    case "authorization_code":
      return bind(authorizationCodeGrant, request);
    case "device_code":
      return bind(deviceCodeGrant, request);
    case "on_behalf_of":
      return bind(onBehalfOfGrant, request);
    case "password":
      return bind(passwordGrant, request);
    case "refresh_token":
      return bind(refreshTokenGrant, request);
  }
}

function bind<Request>(grant: UserGrant<Request>, request: Request): BoundGrant {
  const { category, protocol, needsTenant = false } = grant;
  return {
    category,
    protocol,
    needsTenant,
    isPublic: (client, services) => grant.isPublic(request, client, services),
    redeem: (client, services) => grant.redeem(request, client, services),
  };
}
