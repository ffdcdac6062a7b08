import { getServicePrincipal } from "@pulumi/azuread/getServicePrincipal.js";
import type { DelegatedAccess } from "./registration.ts";

/** Azure Cosmos DB as an application of Entra, the same in every tenant. */
const COSMOS_CLIENT_ID = "a232010e-820c-4083-83bb-3ace5fc29d0b";
const SCOPE = "user_impersonation";

/**
 * Access to Azure Cosmos DB on behalf of who signs in. The id of its scope is read from the tenant's service principal.
 *
 * @throws when the tenant has no such service principal, or it exposes no such scope.
 */
export async function cosmosDelegatedAccess(): Promise<DelegatedAccess> {
  const { oauth2PermissionScopes } = await getServicePrincipal({ clientId: COSMOS_CLIENT_ID });
  const scope = oauth2PermissionScopes.find(({ value }) => value === SCOPE);
  if (scope === undefined) {
    throw new Error(
      `Azure Cosmos DB (${COSMOS_CLIENT_ID}) exposes no scope ${SCOPE} in this tenant. ` +
        "Look at it with: az ad sp show --id " +
        COSMOS_CLIENT_ID,
    );
  }
  return { clientId: COSMOS_CLIENT_ID, scopeId: scope.id };
}
