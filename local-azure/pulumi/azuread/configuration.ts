import { ConfigurationError } from "../provider/configuration-error.ts";
import { clientProof, localMetadataHost, type ReadSetting, settingsOf } from "../provider/settings.ts";
import type { ClientProof } from "../provider/token-service.ts";

/** How the provider gets its tokens. */
export type Method =
  | ClientProof
  | { readonly kind: "managedIdentity"; readonly endpoint: string }
  /** Asks an endpoint for a federated token, as GitHub Actions offers one to its jobs. */
  | { readonly kind: "assertionRequest"; readonly url: string; readonly token: string };

/** The provider's settings: a configured key wins over its environment variable. */
export interface Configuration {
  readonly tenantId: string;
  /** Empty for a system-assigned managed identity. */
  readonly clientId: string;
  readonly method: Method;
  readonly metadataHost: string;
}

/** The names that the official plugin resolves before anything else, even where a metadata host is given. */
const environments = [
  "public",
  "global",
  "canary",
  "china",
  "usgovernment",
  "usgovernmentl4",
  "usgovernmentl5",
  "dod",
];

/** What the official plugin takes and the local one does not, with what is said of it. */
const methodsNotOffered = [
  ["clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH", "a client certificate"],
  ["clientCertificate", "ARM_CLIENT_CERTIFICATE", "a client certificate"],
  ["clientSecretFilePath", "ARM_CLIENT_SECRET_FILE_PATH", "a client secret in a file"],
  ["clientIdFilePath", "ARM_CLIENT_ID_FILE_PATH", "a client id in a file"],
  ["useAksWorkloadIdentity", "ARM_USE_AKS_WORKLOAD_IDENTITY", "the workload identity of a cluster"],
] as const;

/**
 * Reads the settings.
 * @param variables the engine's `azuread:config:<key>` variables
 * @param readFile reads a text file; used for `oidcTokenFilePath`
 * @throws {ConfigurationError} when something is missing or asks for what the local plugin does not offer
 */
export function readConfiguration(
  variables: ReadonlyMap<string, string>,
  environment: NodeJS.ProcessEnv,
  readFile: (path: string) => string,
): Configuration {
  const read = settingsOf("azuread", variables, environment);
  const cloud = read("environment", "ARM_ENVIRONMENT") ?? "public";
  if (!environments.includes(cloud.toLowerCase())) {
    throw new ConfigurationError(
      `the environment "${cloud}" is not known to the azuread provider: it must be one of ${environments.join(", ")}, ` +
        "even where ARM_METADATA_HOSTNAME names another cloud",
    );
  }
  const metadataHost = localMetadataHost("azuread", read, "ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST");
  if (metadataHost.includes("://")) {
    throw new ConfigurationError(
      `the metadata host "${metadataHost}" must be a host with a port and no scheme: the provider puts https:// before it`,
    );
  }
  for (const [key, name, method] of methodsNotOffered) {
    const value = read(key, name);
    if (value !== undefined && value !== "false") {
      throw new ConfigurationError(
        `the local azuread plugin does not authenticate with ${method} (${name}); use a client secret ` +
          "(ARM_CLIENT_SECRET), a federated token (ARM_USE_OIDC) or a managed identity (ARM_USE_MSI)",
      );
    }
  }

  const method = readMethod(read, readFile);
  const tenantId = read("tenantId", "ARM_TENANT_ID");
  const clientId = read("clientId", "ARM_CLIENT_ID");
  if (tenantId === undefined)
    throw new ConfigurationError("A Tenant ID must be configured when authenticating");
  if (clientId === undefined && method.kind !== "managedIdentity")
    throw new ConfigurationError("A Client ID must be configured when authenticating");
  return { tenantId, clientId: clientId ?? "", method, metadataHost };
}

function readMethod(read: ReadSetting, readFile: (path: string) => string): Method {
  const proof = clientProof(read, readFile);
  if (proof !== undefined) return proof;
  if (read("useOidc", "ARM_USE_OIDC") === "true") {
    const url = read("oidcRequestUrl", "ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL");
    const bearer = read("oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    if (url !== undefined && bearer !== undefined) return { kind: "assertionRequest", url, token: bearer };
  }
  if (read("useMsi", "ARM_USE_MSI") === "true") {
    const endpoint = read("msiEndpoint", "ARM_MSI_ENDPOINT");
    if (endpoint !== undefined) return { kind: "managedIdentity", endpoint };
    throw new ConfigurationError(
      "the local azuread plugin asks no instance metadata service for a managed identity (ARM_USE_MSI); " +
        "name an identity endpoint on this machine with ARM_MSI_ENDPOINT",
    );
  }
  throw new ConfigurationError(
    "failed to load application credentials: the local azuread plugin finds no client secret (ARM_CLIENT_SECRET), " +
      "federated token (ARM_USE_OIDC) or managed identity (ARM_USE_MSI), and does not use the Azure CLI",
  );
}
