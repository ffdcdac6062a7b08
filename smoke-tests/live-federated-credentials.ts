import { z } from "zod";
import type { AzureCloud } from "../connection/azure-cloud.ts";
import { listAzure } from "../connection/azure-request.ts";
import type {
  ApplicationOutput,
  FederatedCredentialOutput,
  IdentityOutput,
  StackOutputs,
} from "../infra/outputs/schema.ts";

const identityApiVersion = "2024-11-30";

const credentialSchema = z.object({
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audiences: z.array(z.string()),
});
const ofIdentitySchema = z.object({ name: z.string(), properties: credentialSchema.omit({ name: true }) });
const identitySchema = z.object({ id: z.string(), properties: z.object({ principalId: z.string() }) });

/**
 * The federated credentials that an application has in Microsoft Graph.
 *
 * @throws ServiceRefusal where the runner may not read them.
 */
export async function credentialsOfApplication(
  cloud: AzureCloud,
  { objectId }: Pick<ApplicationOutput, "objectId">,
): Promise<FederatedCredentialOutput[]> {
  const path = `/v1.0/applications/${objectId}/federatedIdentityCredentials`;
  return (await listAzure(cloud, "graph", path, credentialSchema)).map(told);
}

/**
 * The federated credentials that a user-assigned managed identity has in resource manager.
 *
 * @throws ServiceRefusal where the runner may not read them, Error where the resource group has no such identity.
 */
export async function credentialsOfIdentity(
  cloud: AzureCloud,
  { subscriptionId, resourceGroup }: Pick<StackOutputs, "subscriptionId" | "resourceGroup">,
  { principalId }: Pick<IdentityOutput, "principalId">,
): Promise<FederatedCredentialOutput[]> {
  const type = "Microsoft.ManagedIdentity/userAssignedIdentities";
  const all = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}`;
  const version = `api-version=${identityApiVersion}`;
  const identities = await listAzure(cloud, "resourceManager", `${all}?${version}`, identitySchema);
  const identity = identities.find(
    ({ properties }) => properties.principalId.toLowerCase() === principalId.toLowerCase(),
  );
  if (identity === undefined)
    throw new Error(`${resourceGroup} has no identity with principal ${principalId}`);
  const path = `${identity.id}/federatedIdentityCredentials?${version}`;
  const credentials = await listAzure(cloud, "resourceManager", path, ofIdentitySchema);
  return credentials.map(({ name, properties }) => told({ name, ...properties }));
}

function told({
  name,
  issuer,
  subject,
  audiences,
}: z.infer<typeof credentialSchema>): FederatedCredentialOutput {
  return { name, issuer, subject, audience: audiences.join(", ") };
}
