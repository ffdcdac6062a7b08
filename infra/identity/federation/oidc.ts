import { type ExpectedToken, exchangeAudience } from "./expected-token.ts";

/** Any issuer with OpenID Connect discovery, written as its tokens have it. */
export interface Oidc {
  readonly issuer: string;
  readonly subject: string;
  readonly audience?: string | undefined;
}

/** What the tokens say: nothing is added or normalized, as Entra compares exactly. */
export function oidcToken({ issuer, subject, audience }: Oidc): ExpectedToken {
  return { issuer, subject, audience: audience ?? exchangeAudience };
}
