import { type AzureCloud, bearer } from "../connection/azure-cloud.ts";
import type { StackOutputs } from "../infra/outputs/schema.ts";

const apiVersion = "2025-10-15";

/**
 * Ids of the declared grants that resource manager does not have. A runner who may not read role assignments learns
 * nothing here, and no grant is called missing.
 */
export async function missingGrants(cloud: AzureCloud, outputs: StackOutputs): Promise<Set<string>> {
  const missing = new Set<string>();
  const authorization = await bearer(cloud);
  for (const { id } of outputs.grants) {
    const url = `${cloud.resourceManager.url}${outputs.account.id}/sqlRoleAssignments/${id}?api-version=${apiVersion}`;
    const response = await fetch(url, { headers: { authorization } });
    await response.body?.cancel();
    if (response.status === 404) missing.add(id);
  }
  return missing;
}
