import { ConfigurationError } from "../provider/configuration-error.ts";
import { clientProof, localMetadataHost, settingsOf } from "../provider/settings.ts";
import type { ClientProof } from "../provider/token-service.ts";

/** The provider's settings: a configured key wins over its environment variable. */
export interface Configuration {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: ClientProof;
  readonly metadataHost: string;
  /** The default location of resources; there is no environment variable for it. */
  readonly location: string | undefined;
  readonly skipReadOnUpdate: boolean;
}

const methodsNotOffered = [
  ["useDefaultAzureCredential", "ARM_USE_DEFAULT_AZURE_CREDENTIAL", "the default credential chain"],
  ["clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH", "a client certificate"],
  ["useMsi", "ARM_USE_MSI", "a managed identity"],
] as const;

/**
 * Reads the settings.
 * @param variables the engine's `azure-native:config:<key>` variables
 * @param readFile reads a text file; used for `oidcTokenFilePath`
 * @throws {ConfigurationError} when something is missing or asks for what the local plugin does not offer
 */
export function readConfiguration(
  variables: ReadonlyMap<string, string>,
  environment: NodeJS.ProcessEnv,
  readFile: (path: string) => string,
): Configuration {
  const read = settingsOf("azure-native", variables, environment);
  const required = (value: string | undefined, name: string): string => {
    if (value === undefined) throw new ConfigurationError(`A ${name} must be configured when authenticating`);
    return value;
  };

  for (const [key, variable, method] of methodsNotOffered) {
    const value = read(key, variable);
    if (value !== undefined && (value === "true" || key === "clientCertificatePath")) {
      throw new ConfigurationError(
        `the local azure-native plugin does not authenticate with ${method} (${variable}); ` +
          "use a client secret (ARM_CLIENT_SECRET) or a federated token (ARM_USE_OIDC)",
      );
    }
  }

  const metadataHost = localMetadataHost("azure-native", read, "ARM_METADATA_HOSTNAME");
  const credential = clientProof(read, readFile);
  if (credential === undefined) {
    throw new ConfigurationError(
      "A Client Secret must be configured when authenticating as a Service Principal using a Client Secret.",
    );
  }

  return {
    subscriptionId: required(read("subscriptionId", "ARM_SUBSCRIPTION_ID"), "Subscription ID"),
    tenantId: required(read("tenantId", "ARM_TENANT_ID"), "Tenant ID"),
    clientId: required(read("clientId", "ARM_CLIENT_ID"), "Client ID"),
    credential,
    metadataHost,
    location: read("location"),
    skipReadOnUpdate: read("skipReadOnUpdate", "ARM_SKIP_READ_ON_UPDATE") === "true",
  };
}
