import type { ProviderFunction } from "./function.ts";

/** Who the provider acts as; the object id is that of its token. */
export const getClientConfig: ProviderFunction = async ({ configuration, caller }) => {
  const { tenantId, clientId } = configuration;
  const objectId = await caller();
  return { id: `${tenantId}-${clientId}-${objectId}`, tenantId, clientId, objectId };
};
