import { ClientSecretCredential, DefaultAzureCredential, type TokenCredential } from "@azure/identity";
import { z } from "zod";
import { DeploymentError } from "./failure.ts";

const metadataSchema = z.object({
  resourceManager: z.string(),
  authentication: z.object({ audiences: z.array(z.string()).min(1) }),
});

/** Microsoft's own authorities; `@azure/identity` knows these and checks any other one at a public host. */
const microsoftAuthorities =
  /^https:\/\/login\.(microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn|chinacloudapi\.cn)\/?$/;

/** Where resource manager is and as whom to call it. */
export interface AzureConnection {
  readonly credential: TokenCredential;
  /** No trailing slash. */
  readonly resourceManager: string;
  readonly scope: string;
}

/**
 * Connects as the principal of the environment, the same that the Pulumi providers use: `ARM_CLIENT_SECRET` where it
 * is set, otherwise whatever DefaultAzureCredential finds. `ARM_METADATA_HOSTNAME` names a cloud other than the public.
 */
export async function connect(environment: NodeJS.ProcessEnv = process.env): Promise<AzureConnection> {
  const credential = credentialOf(environment);
  const host = environment.ARM_METADATA_HOSTNAME;
  if (host === undefined) {
    return {
      credential,
      resourceManager: "https://management.azure.com",
      scope: "https://management.azure.com/.default",
    };
  }
  const response = await fetch(`https://${host}/metadata/endpoints?api-version=2022-09-01`);
  const metadata = metadataSchema.parse(await response.json());
  return {
    credential,
    resourceManager: metadata.resourceManager.replace(/\/$/, ""),
    scope: `${metadata.authentication.audiences[0]}/.default`,
  };
}

function credentialOf(environment: NodeJS.ProcessEnv): TokenCredential {
  const authorityHost = environment.AZURE_AUTHORITY_HOST;
  const disableInstanceDiscovery = authorityHost !== undefined && !microsoftAuthorities.test(authorityHost);
  const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET } = environment;
  if (ARM_TENANT_ID && ARM_CLIENT_ID && ARM_CLIENT_SECRET) {
    return new ClientSecretCredential(ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, {
      ...(authorityHost ? { authorityHost } : {}),
      disableInstanceDiscovery,
    });
  }
  return new DefaultAzureCredential({ disableInstanceDiscovery });
}

/** An access token of the connection for its resource manager, or for another scope. */
export async function bearer(connection: AzureConnection, scope = connection.scope): Promise<string> {
  const token = await connection.credential.getToken(scope);
  if (token === null) {
    throw new DeploymentError("KC-NO-TOKEN", `No token was given for ${scope}.`, "Sign in: `az login`.");
  }
  return `Bearer ${token.token}`;
}
