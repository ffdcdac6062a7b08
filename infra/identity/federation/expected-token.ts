import type { Breach } from "../../settings/faults/breach.ts";

/**
 * What an outside token must say to be taken for the holder's. Entra compares each value exactly and with case, a
 * trailing slash included: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations.
 */
export interface ExpectedToken {
  readonly issuer: string;
  readonly subject: string;
  /** Entra takes exactly one. */
  readonly audience: string;
}

/** The audience that Microsoft recommends for a token which is exchanged: outside issuers are asked for it. */
export const exchangeAudience = "api://AzureADTokenExchange";
/** Of an application or a user-assigned identity. */
export const maximumFederatedCredentials = 20;
/** Characters of issuer, subject and audience each. */
const maximumLength = 600;

/**
 * Holds a subject, or a part of one, against what Entra takes in any place of a federated credential: it has no
 * wildcards, and what is not seen does not match.
 */
export function literalBreach(text: string): Breach | undefined {
  if (text === "") return { problem: "is empty", fix: "write it as the issuer's tokens have it" };
  if (text !== text.trim()) {
    return {
      problem: `"${text}" begins or ends with a space`,
      fix: "remove it: Entra compares letter by letter",
    };
  }
  if (text.includes("*")) {
    return {
      problem: `"${text}" holds a wildcard, and Entra compares letter by letter`,
      fix: "write it out; for several values declare a credential each",
    };
  }
  if (text.length > maximumLength) {
    return { problem: `has ${text.length} characters`, fix: `use at most ${maximumLength}` };
  }
  return undefined;
}

/** Holds an issuer against OpenID Connect Discovery 1.0, section 3: https, and neither query nor fragment. */
export function issuerBreach(issuer: string): Breach | undefined {
  const literal = literalBreach(issuer);
  if (literal !== undefined) return literal;
  const url = URL.parse(issuer);
  if (url === null || !issuer.startsWith("https://") || url.username !== "" || url.password !== "") {
    return {
      problem: `"${issuer}" is no issuer`,
      fix: "write the https URL that the tokens have as iss, e.g. https://login.shop.org",
    };
  }
  if (/[?#]/.test(issuer)) {
    return {
      problem: `"${issuer}" has a query or fragment, which an issuer has not`,
      fix: "write the URL that the tokens have as iss, letter by letter",
    };
  }
  return undefined;
}

/** Holds an audience against Entra's limits. */
export function audienceBreach(audience: string): Breach | undefined {
  const literal = literalBreach(audience);
  if (literal !== undefined || !/\s/.test(audience)) return literal;
  return {
    problem: `"${audience}" is no audience`,
    fix: `write one audience, or leave it out for ${exchangeAudience}`,
  };
}
