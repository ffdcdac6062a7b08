import type { Clock } from "../../core/clock.ts";
import type { Directory } from "../directory.ts";
import type { ExternalIssuers } from "../external-issuer/issuers.ts";
import type { ClientProof } from "../tokens/issue.ts";
import { readAssertion } from "./assertion.ts";
import { checkCertificateAssertion } from "./certificate-assertion.ts";
import type { Client } from "./client.ts";
import { checkFederatedAssertion } from "./federated-assertion.ts";
import { invalidClient } from "./refusals.ts";

/** How the client has proven itself, and with which of its credentials. */
export interface Proof {
  readonly kind: ClientProof;
  readonly federatedCredentialId?: string;
  readonly keyId?: string;
  readonly thumbprint?: string;
}

export interface OfferedCredential {
  readonly grant: string;
  readonly clientSecret: string | undefined;
  readonly clientAssertion: string | undefined;
}

export interface ClientAuthentication {
  readonly directory: Directory;
  readonly issuers: ExternalIssuers;
  readonly clock: Clock;
  /** The v2 issuer of this tenant. */
  readonly ownIssuer: string;
  /** Every spelling of the token endpoint that the audience of an assertion may have. */
  readonly audiences: readonly string[];
}

/**
 * Proves a client by its secret, by an assertion that its certificate signs, or by one that another issuer wrote for a
 * federated credential of the client. An assertion whose issuer is a URL is of the last kind, and each kind is verified
 * in full. A managed identity has the last kind only.
 *
 * @throws TokenError 7000216 or 7000218 no credential, 7000215 wrong secret, 7000222 expired secret, 50027 for what is no
 * assertion, and what `checkCertificateAssertion` and `checkFederatedAssertion` throw.
 */
export async function authenticateClient(
  offered: OfferedCredential,
  { principal, holders }: Client,
  { directory, issuers, clock, ownIssuer, audiences }: ClientAuthentication,
): Promise<Proof> {
  const { clientSecret, clientAssertion } = offered;
  const clientId = principal.appId ?? "";
  // The platform vouches for a managed identity: a secret or key of its own would open it from anywhere.
  const provable = principal.servicePrincipalType === "ManagedIdentity" ? [] : holders;
  if (clientSecret !== undefined) {
    checkSecret(clientSecret, clientId, provable, directory);
    return { kind: "secret" };
  }
  if (clientAssertion === undefined) {
    throw offered.grant === "client_credentials"
      ? invalidClient(
          7000216,
          "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
        )
      : invalidClient(
          7000218,
          "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        );
  }
  const assertion = readAssertion(clientAssertion);
  const { iss } = assertion.claims;
  if (typeof iss === "string" && iss.includes("://")) {
    const { id } = await checkFederatedAssertion(assertion, {
      holders,
      directory,
      issuers,
      clock,
      ownIssuer,
    });
    return { kind: "federated", federatedCredentialId: id };
  }
  const check = { clientId, holders: provable, audiences, directory, clock };
  return { kind: "certificate", ...checkCertificateAssertion(assertion, check) };
}

/** The refusal of a client that cannot keep a secret and sends one. */
export function refuseCredential({ clientSecret, clientAssertion }: OfferedCredential): void {
  if (clientSecret === undefined && clientAssertion === undefined) return;
  throw invalidClient(
    700025,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  );
}

function checkSecret(
  secret: string,
  clientId: string,
  holders: readonly string[],
  { passwords }: Directory,
): void {
  const outcome = passwords.check(holders, secret);
  if (outcome === "expired") {
    throw invalidClient(
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Create new keys for the app.`,
    );
  }
  if (outcome === "wrong") {
    throw invalidClient(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    );
  }
}
