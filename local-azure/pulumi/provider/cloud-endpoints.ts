import { rootMessageOf } from "../error-message.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { loopbackUrl } from "./loopback.ts";

/** Where the services of a cloud are, as its metadata endpoint tells. */
export interface CloudEndpoints {
  readonly name: string;
  /** The resource manager endpoint as written in the metadata. */
  readonly resourceManager: string;
  readonly login: URL;
  /** The audience of tokens for resource manager. */
  readonly audience: string;
  readonly graph: string | undefined;
  /** Suffix of vault host names, for example `vault.azure.net`. */
  readonly keyVaultDns: string | undefined;
}

/** The answer of `GET /metadata/endpoints?api-version=2022-09-01`, as far as it is used. */
interface Metadata {
  readonly name?: string;
  readonly resourceManager?: string;
  readonly authentication?: { readonly loginEndpoint?: string; readonly audiences?: readonly string[] };
  readonly microsoftGraphResourceId?: string;
  readonly suffixes?: { readonly keyVaultDns?: string };
}

/**
 * Asks a cloud's metadata endpoint where its services are.
 * @param metadataHost a host with port, or a URL; https is assumed
 * @throws {NotLoopback} when the metadata host or an endpoint it names is not on this machine
 * @throws {ConfigurationError} when the endpoint does not answer as it must
 */
export async function discoverCloud(metadataHost: string, signal: AbortSignal): Promise<CloudEndpoints> {
  const base = loopbackUrl(
    metadataHost.includes("://") ? metadataHost : `https://${metadataHost}`,
    "metadata host (ARM_METADATA_HOSTNAME)",
  );
  const url = new URL("/metadata/endpoints?api-version=2022-09-01", base);
  const response = await fetch(url, { signal, redirect: "manual" }).catch((cause: unknown) => {
    throw new ConfigurationError(
      `the metadata endpoint ${url} cannot be reached: ${rootMessageOf(cause)}. Is the local cloud running? (local-azure start)`,
    );
  });
  const text = (await response.text()).replace(/^\uFEFF/, "");
  if (response.status !== 200) {
    throw new ConfigurationError(`the metadata endpoint ${url} answered ${response.status}: ${text}`);
  }
  const metadata = parse(text, url);
  const { loginEndpoint, audiences = [] } = metadata.authentication ?? {};
  const [audience] = audiences;
  if (metadata.resourceManager === undefined || loginEndpoint === undefined || audience === undefined) {
    throw new ConfigurationError(
      `the metadata endpoint ${url} does not name resourceManager, authentication.loginEndpoint and audiences`,
    );
  }
  loopbackUrl(metadata.resourceManager, "resource manager endpoint");
  return {
    name: metadata.name ?? "",
    resourceManager: metadata.resourceManager.replace(/\/$/, ""),
    login: loopbackUrl(loginEndpoint, "login endpoint"),
    audience,
    graph: metadata.microsoftGraphResourceId,
    keyVaultDns: metadata.suffixes?.keyVaultDns,
  };
}

function parse(text: string, url: URL): Metadata {
  try {
    return JSON.parse(text) as Metadata;
  } catch {
    throw new ConfigurationError(`the metadata endpoint ${url} did not answer JSON`);
  }
}
