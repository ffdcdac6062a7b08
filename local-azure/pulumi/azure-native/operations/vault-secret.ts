import { isObject } from "../../provider/values.ts";
import type { ResourceOperation } from "./context.ts";

/** A data-plane version of Key Vault; the official plugin's Go client speaks one of these years. */
const dataPlaneVersion = "7.6";
const secretId = /^(.+\/vaults\/[^/]+)\/secrets\/([^/]+)$/i;

/**
 * Deletes a secret, which resource manager cannot, in its vault; a secret or a vault that is gone already is no error. The
 * official plugin composes the vault's host from its name and the cloud's suffix; here the vault itself says where it is,
 * because each has a port of its own.
 * @throws {ArmError} when the vault refuses it: deleting takes a role with the data action secrets/delete
 */
export async function deleteVaultSecret(
  { resource, client, vaults, signal }: ResourceOperation,
  id: string,
): Promise<void> {
  const [, vaultId, name] = secretId.exec(id) ?? [];
  if (vaultId === undefined || name === undefined)
    throw new Error(`'${id}' is not the id of a vault's secret`);
  const query = { "api-version": resource.entry.apiVersion };
  const vault = await client.call({ method: "GET", url: vaultId, query }, [200, 404], signal);
  if (vault.status === 404) return;
  const properties = isObject(vault.body) ? vault.body.properties : undefined;
  const uri = isObject(properties) ? properties.vaultUri : undefined;
  if (typeof uri !== "string") throw new Error(`the vault ${vaultId} does not say its vaultUri`);
  await vaults.call(
    {
      method: "DELETE",
      url: `${uri.replace(/\/$/, "")}/secrets/${name}`,
      query: { "api-version": dataPlaneVersion },
    },
    [200, 404],
    signal,
  );
}
