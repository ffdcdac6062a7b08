import { z } from "zod";
import type { AzureCloud } from "../connection/azure-cloud.ts";
import { askAzure, listAzure, ServiceRefusal } from "../connection/azure-request.ts";
import { DeploymentError } from "./failure.ts";
import type { StateResource } from "./stack-state.ts";

type Inputs = StateResource["inputs"];
type Find = (inputs: Inputs, cloud: AzureCloud) => Promise<string | undefined>;

const identified = z.object({ id: z.string() });
const credentialSchema = z.object({ id: z.string(), name: z.string() });
const applicationSchema = z.object({
  api: z.object({ preAuthorizedApplications: z.array(z.object({ appId: z.string() })).default([]) }),
  passwordCredentials: z
    .array(z.object({ keyId: z.string(), displayName: z.string().nullish() }))
    .default([]),
});

/**
 * How each type of the azuread provider that the program uses is found again: its ids are the directory's choice, so by
 * what the program chose. Display names of applications and groups are one of a kind for that reason.
 */
const finders: Readonly<Record<string, Find>> = {
  "azuread:index/application:Application": ({ displayName }, cloud) =>
    onlyId("applications", "displayName", displayName, cloud),
  "azuread:index/group:Group": ({ displayName }, cloud) =>
    onlyId("groups", "displayName", displayName, cloud),
  "azuread:index/servicePrincipal:ServicePrincipal": ({ clientId }, cloud) =>
    onlyId("servicePrincipals", "appId", clientId, cloud),
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential":
    findFederatedCredential,
  "azuread:index/applicationPreAuthorized:ApplicationPreAuthorized": findPreAuthorized,
  "azuread:index/applicationPassword:ApplicationPassword": removePassword,
};

/**
 * Finds what became of a create in the directory.
 *
 * An application that was cut off while it still had the provider's passing name is not found: it stays behind without
 * credential or grant. A password is never found, as nobody can read its value again: it is removed, to be made anew.
 *
 * @returns the provider's id; undefined when it was not created.
 * @throws DeploymentError KC-RECOVER when Microsoft Graph says neither.
 */
export async function findInDirectory(
  { type, inputs }: StateResource,
  cloud: AzureCloud,
): Promise<string | undefined> {
  try {
    return await finders[type]?.(inputs, cloud);
  } catch (error) {
    if (!(error instanceof ServiceRefusal)) throw error;
    throw new DeploymentError(
      "KC-RECOVER",
      `It is not known whether the ${type.split(":").at(-1)} that was being created exists. ${error.message}`,
      "Give the principal that deploys read access to the directory, or try again when Microsoft Graph answers.",
    );
  }
}

async function onlyId(
  list: string,
  property: string,
  value: unknown,
  cloud: AzureCloud,
): Promise<string | undefined> {
  if (typeof value !== "string") return undefined;
  const filter = encodeURIComponent(`${property} eq '${value.replaceAll("'", "''")}'`);
  const found = await listAzure(cloud, "graph", `/v1.0/${list}?$filter=${filter}&$select=id`, identified);
  return found[0] === undefined ? undefined : `/${list}/${found[0].id}`;
}

async function findFederatedCredential(inputs: Inputs, cloud: AzureCloud): Promise<string | undefined> {
  const application = objectIdOf(inputs);
  if (application === undefined) return undefined;
  const path = `/v1.0/applications/${application}/federatedIdentityCredentials`;
  const credentials = await unlessGone(listAzure(cloud, "graph", path, credentialSchema));
  const found = credentials?.find(({ name }) => name === inputs.displayName);
  return found === undefined ? undefined : `${application}/federatedIdentityCredential/${found.id}`;
}

async function findPreAuthorized(inputs: Inputs, cloud: AzureCloud): Promise<string | undefined> {
  const application = objectIdOf(inputs);
  const { authorizedClientId } = inputs;
  const read = application === undefined ? undefined : await readApplication(application, cloud);
  const found = read?.api.preAuthorizedApplications.some(({ appId }) => appId === authorizedClientId);
  return found === true ? `${application}/preAuthorizedApplication/${authorizedClientId}` : undefined;
}

async function removePassword(inputs: Inputs, cloud: AzureCloud): Promise<undefined> {
  const application = objectIdOf(inputs);
  const read = application === undefined ? undefined : await readApplication(application, cloud);
  for (const { keyId, displayName } of read?.passwordCredentials ?? []) {
    if (displayName !== inputs.displayName) continue;
    await askAzure(cloud, "graph", "POST", `/v1.0/applications/${application}/removePassword`, { keyId });
  }
}

async function readApplication(
  id: string,
  cloud: AzureCloud,
): Promise<z.output<typeof applicationSchema> | undefined> {
  const body = await unlessGone(askAzure(cloud, "graph", "GET", `/v1.0/applications/${id}`));
  return body === undefined ? undefined : applicationSchema.parse(body);
}

/** The provider refers to an application as `/applications/<object id>`. */
function objectIdOf({ applicationId }: Inputs): string | undefined {
  return typeof applicationId === "string" ? applicationId.split("/").at(-1) : undefined;
}

async function unlessGone<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ServiceRefusal && error.status === 404) return undefined;
    throw error;
  }
}
