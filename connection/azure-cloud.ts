import type { TokenCredential } from "@azure/identity";
import { z } from "zod";
import { ConnectionError } from "./connection-error.ts";
import { environmentCredential } from "./credential.ts";

const metadataSchema = z.object({
  resourceManager: z.url(),
  microsoftGraphResourceId: z.url(),
  authentication: z.object({ audiences: z.array(z.string()).min(1) }),
});

/** One Azure, public or not: as whom to call it, and where resource manager and Microsoft Graph are. */
export interface AzureCloud {
  readonly credential: TokenCredential;
  /** Base URLs without a trailing slash, and the scopes of their tokens. */
  readonly resourceManager: { readonly url: string; readonly scope: string };
  readonly graph: { readonly url: string; readonly scope: string };
  /** Base URL of the token service, without a trailing slash. */
  readonly authority: string;
}

const publicAuthority = "https://login.microsoftonline.com";

/**
 * Connects as the principal of the environment. `ARM_METADATA_HOSTNAME` names a cloud other than the public one: its
 * endpoints are read from there, as the Pulumi providers read them.
 *
 * @throws ConnectionError KC-METADATA when that host does not describe a cloud.
 */
export async function connect(environment: NodeJS.ProcessEnv = process.env): Promise<AzureCloud> {
  const credential = environmentCredential(environment);
  const host = environment.ARM_METADATA_HOSTNAME;
  const authority = trimmed(environment.AZURE_AUTHORITY_HOST ?? publicAuthority);
  if (host === undefined) {
    return {
      credential,
      resourceManager: service("https://management.azure.com"),
      graph: service("https://graph.microsoft.com"),
      authority,
    };
  }
  const metadata = await readMetadata(`https://${host}/metadata/endpoints?api-version=2022-09-01`);
  const graph = trimmed(metadata.microsoftGraphResourceId);
  return {
    credential,
    resourceManager: {
      url: trimmed(metadata.resourceManager),
      scope: `${metadata.authentication.audiences[0]}/.default`,
    },
    graph: service(graph),
    authority,
  };
}

async function readMetadata(url: string): Promise<z.infer<typeof metadataSchema>> {
  try {
    return metadataSchema.parse(await (await fetch(url)).json());
  } catch (error) {
    throw new ConnectionError(
      "KC-METADATA",
      `${url} does not describe a cloud: ${error instanceof Error ? error.message : String(error)}`,
      "Check ARM_METADATA_HOSTNAME, and that the cloud runs (`npx --no local-azure status` for the local one).",
    );
  }
}

function service(url: string): { url: string; scope: string } {
  return { url, scope: `${url}/.default` };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}

/**
 * The value of an Authorization header for `scope`.
 *
 * @throws ConnectionError KC-NO-TOKEN.
 */
export async function bearer(cloud: AzureCloud, scope = cloud.resourceManager.scope): Promise<string> {
  const token = await cloud.credential.getToken(scope);
  if (token !== null) return `Bearer ${token.token}`;
  throw new ConnectionError("KC-NO-TOKEN", `No token was given for ${scope}.`, "Sign in: `az login`.");
}
