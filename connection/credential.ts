import {
  ClientSecretCredential,
  DefaultAzureCredential,
  type TokenCredential,
  UsernamePasswordCredential,
} from "@azure/identity";

/** Microsoft's own authorities; `@azure/identity` knows these and checks any other one at a public host. */
const microsoftAuthorities =
  /^https:\/\/login\.(microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn|chinacloudapi\.cn)\/?$/;

/**
 * The principal of the environment, the same that the Pulumi providers use: `ARM_CLIENT_ID` with `ARM_CLIENT_SECRET` where
 * both are set, otherwise whatever DefaultAzureCredential finds (`az login`, workload identity, a managed identity).
 */
export function environmentCredential(environment: NodeJS.ProcessEnv): TokenCredential {
  const { ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: secret } = environment;
  if (tenantId && clientId && secret)
    return applicationCredential({ tenantId, clientId, secret }, environment);
  return new DefaultAzureCredential(authorityOptions(environment));
}

/** A credential of an application by its secret, at the environment's authority. */
export function applicationCredential(
  application: { readonly tenantId: string; readonly clientId: string; readonly secret: string },
  environment: NodeJS.ProcessEnv,
): TokenCredential {
  const { tenantId, clientId, secret } = application;
  return new ClientSecretCredential(tenantId, clientId, secret, authorityOptions(environment));
}

/** The public client of the az CLI, which every tenant knows. */
const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/**
 * A credential of a person by their password, through the az CLI's public client: for a person made for tests, since it
 * works neither with a second factor nor with a federated sign-in.
 */
export function personCredential(
  person: { readonly tenantId: string; readonly username: string; readonly password: string },
  environment: NodeJS.ProcessEnv,
): TokenCredential {
  const { tenantId, username, password } = person;
  return new UsernamePasswordCredential(
    tenantId,
    azureCli,
    username,
    password,
    authorityOptions(environment),
  );
}

/**
 * Discovery at the public host must be off for an authority that is not one of Microsoft's: a private cloud's host is
 * unknown there.
 */
function authorityOptions(environment: NodeJS.ProcessEnv): {
  authorityHost?: string;
  disableInstanceDiscovery: boolean;
} {
  const authorityHost = environment.AZURE_AUTHORITY_HOST;
  if (authorityHost === undefined) return { disableInstanceDiscovery: false };
  return { authorityHost, disableInstanceDiscovery: !microsoftAuthorities.test(authorityHost) };
}
