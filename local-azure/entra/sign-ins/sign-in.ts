import type { DirectoryObject } from "../directory.ts";
import type { TokenResource } from "../resources.ts";
import type { ClientProof } from "../tokens/issue.ts";
import { principalNameOf } from "../tokens/person-claims.ts";
import { quotable, TokenError } from "../tokens/token-error.ts";

export type SignInCategory =
  | "SignInLogs"
  | "NonInteractiveUserSignInLogs"
  | "ServicePrincipalSignInLogs"
  | "ManagedIdentitySignInLogs";

/**
 * One sign-in, with the columns that SigninLogs, AADNonInteractiveUserSignInLogs, AADServicePrincipalSignInLogs and
 * AADManagedIdentitySignInLogs have in common or alone
 * (https://learn.microsoft.com/azure/azure-monitor/reference/tables/signinlogs). It never holds a token, a secret, a
 * password, an assertion or a code.
 */
export interface SignIn {
  readonly Category: SignInCategory;
  readonly OperationName: "Sign-in activity";
  readonly CorrelationId: string;
  /** `0`, or the number of the AADSTS error. */
  readonly ResultType: string;
  readonly ResultDescription: string;
  readonly AppId: string;
  readonly AppDisplayName: string;
  readonly IPAddress: string;
  readonly [column: string]: string;
}

/** What is known of a request when it ends; a refused one may have ended before all was. */
export interface SignInFacts {
  readonly category: SignInCategory;
  readonly correlationId: string;
  readonly address: string;
  /** The client as it named itself. */
  readonly clientId: string;
  readonly client?: DirectoryObject | undefined;
  readonly proof?: ClientProof | undefined;
  readonly federatedCredentialId?: string | undefined;
  readonly keyId?: string | undefined;
  readonly thumbprint?: string | undefined;
  readonly user?: DirectoryObject | undefined;
  /** `deviceCode`, `ropc`, `oAuth2`. */
  readonly protocol?: string | undefined;
  readonly resource?: TokenResource | undefined;
  readonly uniqueTokenIdentifier?: string | undefined;
  readonly refusal?: unknown;
}

const credentialTypes: Readonly<Record<ClientProof, string>> = {
  none: "none",
  secret: "clientSecret",
  certificate: "certificate",
  federated: "federatedIdentityCredential",
};

export function describeSignIn(facts: SignInFacts): SignIn {
  const { category, client, user, resource, proof } = facts;
  const isOfService = category === "ServicePrincipalSignInLogs" || category === "ManagedIdentitySignInLogs";
  return {
    Category: category,
    OperationName: "Sign-in activity",
    CorrelationId: facts.correlationId,
    ...resultOf(facts.refusal),
    AppId: client?.appId ?? quotable(facts.clientId, 100),
    AppDisplayName: client?.displayName ?? "",
    IPAddress: facts.address,
    ...(isOfService
      ? { ServicePrincipalId: client?.id ?? "", ServicePrincipalName: client?.displayName ?? "" }
      : present({
          UserId: user?.id,
          UserPrincipalName: user === undefined ? undefined : principalNameOf(user),
          UserDisplayName: user?.displayName,
          AuthenticationProtocol: facts.protocol,
        })),
    ...present({
      ClientCredentialType: proof === undefined ? undefined : credentialTypes[proof],
      FederatedCredentialId: facts.federatedCredentialId,
      ServicePrincipalCredentialKeyId: facts.keyId,
      ServicePrincipalCredentialThumbprint: facts.thumbprint,
      ResourceDisplayName: resource?.servicePrincipal.displayName,
      ResourceIdentity: resource?.servicePrincipal.appId,
      ResourceServicePrincipalId: resource?.servicePrincipal.id,
      UniqueTokenIdentifier: facts.uniqueTokenIdentifier,
    }),
  };
}

function resultOf(refusal: unknown): Pick<SignIn, "ResultType" | "ResultDescription"> {
  if (refusal === undefined) return { ResultType: "0", ResultDescription: "" };
  if (!(refusal instanceof TokenError)) {
    return { ResultType: "90033", ResultDescription: "A transient error has occurred." };
  }
  return {
    ResultType: String(refusal.code),
    ResultDescription: refusal.message.replace(/^AADSTS\d+: /, ""),
  };
}

function present(columns: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columns).filter((column): column is [string, string] => column[1] !== undefined),
  );
}
