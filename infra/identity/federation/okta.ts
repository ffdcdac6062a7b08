import type { Breach } from "../../settings/faults/breach.ts";
import { type ExpectedToken, exchangeAudience, literalBreach } from "./expected-token.ts";

/** A client of an Okta authorization server. */
export interface Okta {
  /** Host of the organization, e.g. `shop.okta.com` or its own domain. */
  readonly domain: string;
  /** Id of a custom authorization server, or `default`. */
  readonly authorizationServer: string;
  /** With client credentials the client id. */
  readonly subject: string;
  /** As the authorization server is configured. */
  readonly audience?: string | undefined;
}

/**
 * What the access tokens of such a client say. Those of the organization's own server are for Okta alone, so a custom
 * one is needed: https://developer.okta.com/docs/concepts/auth-servers/.
 */
export function oktaToken(client: Okta): ExpectedToken {
  return {
    issuer: `https://${client.domain}/oauth2/${client.authorizationServer}`,
    subject: client.subject,
    audience: client.audience ?? exchangeAudience,
  };
}

/** A host alone: Okta writes it in lower case into its issuer. */
export function oktaDomainBreach(domain: string): Breach | undefined {
  if (/-admin\.okta\w*\.com$/.test(domain)) {
    return {
      problem: `"${domain}" is the host of Okta's console`,
      fix: `write ${domain.replace("-admin.", ".")}`,
    };
  }
  if (/^(?=.{4,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,63}$/.test(domain)) return undefined;
  return {
    problem: `"${domain}" is no domain of Okta`,
    fix: "write the host of the issuer in lower case, without https:// and path, e.g. shop.okta.com",
  };
}

/** `default`, or the id that Okta gave a custom server. */
export function authorizationServerBreach(server: string): Breach | undefined {
  if (/^(?:default|[A-Za-z\d]{3,64})$/.test(server)) return undefined;
  return {
    problem: `"${server}" is no authorization server`,
    fix: "write default or the server's id, the last part of its issuer; tokens of the organization's own server are for Okta alone",
  };
}

/** Okta's client ids have no spaces, and neither have its user names. */
export function oktaSubjectBreach(subject: string): Breach | undefined {
  const literal = literalBreach(subject);
  if (literal !== undefined || /^\S{1,255}$/.test(subject)) return literal;
  return {
    problem: `"${subject}" is no subject of Okta`,
    fix: "write the sub of the client's tokens: with client credentials its client id",
  };
}
