import type { Value } from "../../provider/values.ts";
import { ArmError, armError } from "../arm/arm-error.ts";
import { awaitOperation } from "../arm/long-running.ts";
import type { ResourceOperation } from "./context.ts";
import { deleteVaultSecret } from "./vault-secret.ts";

const siteQuery = { deleteEmptyServerFarm: "false" };

/**
 * Deletes a resource; one that is gone already is no error. A resource that exists with its parent cannot be deleted
 * and gets its default body back.
 * @throws {ArmError} when resource manager, or the vault of a secret, refuses it
 */
export async function deleteResource(operation: ResourceOperation, id: string): Promise<void> {
  const { resource, client, signal } = operation;
  const { apiVersion, singletonBody, longRunning, custom } = resource.entry;
  const query = { "api-version": apiVersion };
  if (custom === "vaultSecret") return deleteVaultSecret(operation, id);
  if (singletonBody !== undefined) {
    const response = await client.send(
      { method: "PUT", url: id, query, body: singletonBody as Value },
      signal,
    );
    if (response.status !== 404 && response.status >= 300) {
      throw armError(response.status, response.headers.get("x-ms-error-code"), response.body, response.text);
    }
    return;
  }
  const request = {
    method: "DELETE",
    url: id,
    query: custom === "site" ? { ...query, ...siteQuery } : query,
  } as const;
  const first = await client.call(request, [200, 202, 204, 404], signal);
  if (!longRunning.delete || first.status === 404) return;
  try {
    await awaitOperation(client, request, first, apiVersion, signal);
  } catch (error) {
    if (!(error instanceof ArmError && error.status === 404)) throw error;
  }
}
