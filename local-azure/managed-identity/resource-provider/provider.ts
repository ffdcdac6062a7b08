import { bindRow, type ResourceManagerServices, type ResourceProvider } from "../../arm/resource-provider.ts";
import { routeNames } from "../../arm/route-table.ts";
import type { Platform } from "../../core/platform.ts";
import type { Directory } from "../../entra/directory.ts";
import { type CredentialWrites, createCredentialWrites } from "./credential-writes.ts";
import { credentialRow } from "./federated-credentials.ts";
import { identityRow } from "./identities.ts";
import { identityType, type ManagedIdentityServices } from "./services.ts";

const rows = [identityRow, credentialRow] as const;

/** Every route of Microsoft.ManagedIdentity, as the request log names it. */
export const routes: readonly string[] = routeNames(rows);

export interface ManagedIdentityDependencies {
  readonly directory: Directory;
  readonly writes?: CredentialWrites;
}

/**
 * User-assigned managed identities. The principal goes with its identity, however that is deleted; one whose identity a
 * killed cloud lost goes at the next start.
 */
export function createManagedIdentityProvider(
  platform: Platform,
  { resources }: ResourceManagerServices,
  { directory, writes = createCredentialWrites() }: ManagedIdentityDependencies,
): ResourceProvider {
  const services: ManagedIdentityServices = { platform, resources, directory, writes };
  resources.observe((change) => {
    if (change.kind !== "delete" || change.before.type !== identityType) return;
    directory.deleteManagedIdentity(String(change.before.properties.principalId));
  });
  deleteLostPrincipals(services);
  return { namespace: "Microsoft.ManagedIdentity", types: rows.map((row) => bindRow(row, services)) };
}

function deleteLostPrincipals({ directory, resources }: ManagedIdentityServices): void {
  const identityId = new RegExp(`/providers/${identityType}/[^/]+$`, "i");
  for (const { id, servicePrincipalType, alternativeNames = [] } of directory.list("servicePrincipal")) {
    const owner = alternativeNames.find((name) => identityId.test(name));
    if (servicePrincipalType !== "ManagedIdentity" || owner === undefined) continue;
    if (resources.get(owner)?.properties.principalId !== id) directory.deleteManagedIdentity(id);
  }
}
