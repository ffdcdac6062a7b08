import { z } from "zod";
import type { AzureCloud } from "../connection/azure-cloud.ts";
import { askAzure, listAzure } from "../connection/azure-request.ts";
import type { StackOutputs } from "../infra/outputs/schema.ts";
import { roleAllowsData } from "../rbac/azure/decide.ts";
import type { PlacedSecret } from "./placed-secrets.ts";

const vaultApiVersion = "2023-07-01";
const roleApiVersion = "2022-04-01";
const readAction = "Microsoft.KeyVault/vaults/secrets/getSecret/action";

const vaultSchema = z.object({ id: z.string(), properties: z.object({ vaultUri: z.string() }) });
const assignmentSchema = z.object({
  properties: z.object({ principalId: z.string(), roleDefinitionId: z.string(), scope: z.string() }),
});
const definitionSchema = z.object({
  properties: z.object({
    roleName: z.string(),
    permissions: z.array(
      z.object({
        dataActions: z.array(z.string()).default([]),
        notDataActions: z.array(z.string()).default([]),
      }),
    ),
  }),
});

/** Somebody whom a role lets read a secret's value. */
export interface SecretReader {
  readonly principalId: string;
  readonly role: string;
  /** Where the role is assigned: on the secret, or above it. */
  readonly scope: string;
}

/**
 * Who may read the value of a secret by Azure roles, on the secret itself or by a role on what it lies in.
 *
 * @throws ServiceRefusal where the runner may not list role assignments, Error where the vault is not to be found.
 */
export async function secretReaders(
  cloud: AzureCloud,
  { subscriptionId, resourceGroup }: Pick<StackOutputs, "subscriptionId" | "resourceGroup">,
  { vaultUri, name }: Pick<PlacedSecret, "vaultUri" | "name">,
): Promise<SecretReader[]> {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const vaults = await listAzure(
    cloud,
    "resourceManager",
    `${group}/providers/Microsoft.KeyVault/vaults?api-version=${vaultApiVersion}`,
    vaultSchema,
  );
  const { origin } = new URL(vaultUri);
  const vault = vaults.find(({ properties }) => new URL(properties.vaultUri).origin === origin);
  if (vault === undefined) throw new Error(`${resourceGroup} has no vault at ${vaultUri}`);
  const secret = `${vault.id}/secrets/${name}`;
  // atScope() lists what counts here: assignments on the secret and on everything above it.
  const assignments = await listAzure(
    cloud,
    "resourceManager",
    `${secret}/providers/Microsoft.Authorization/roleAssignments?api-version=${roleApiVersion}&$filter=atScope()`,
    assignmentSchema,
  );
  const readers: SecretReader[] = [];
  for (const { properties } of assignments) {
    const { principalId, roleDefinitionId, scope } = properties;
    const path = `${roleDefinitionId}?api-version=${roleApiVersion}`;
    const { roleName, permissions } = definitionSchema.parse(
      await askAzure(cloud, "resourceManager", "GET", path),
    ).properties;
    if (permissions.some((permission) => roleAllowsData(permission, readAction))) {
      readers.push({ principalId, role: roleName, scope });
    }
  }
  return readers;
}
