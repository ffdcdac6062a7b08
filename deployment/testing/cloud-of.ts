import { ClientSecretCredential } from "@azure/identity";
import type { AzureCloud } from "../../connection/azure-cloud.ts";
import type { TestEntra } from "../../local-azure/testing/test-entra.ts";

/** A test's token service and Graph as `connect` describes a cloud; as the deployer, or as another application. */
export function cloudOf(
  { platform, entra }: TestEntra,
  application: { readonly clientId: string; readonly clientSecret: string } = entra.deployer,
): AzureCloud {
  const { origin, tenantId } = platform;
  const { clientId, clientSecret } = application;
  const options = { authorityHost: origin, disableInstanceDiscovery: true };
  return {
    credential: new ClientSecretCredential(tenantId, clientId, clientSecret, options),
    authority: origin,
    resourceManager: { url: origin, scope: `${origin}/.default` },
    graph: { url: `${origin}/graph`, scope: `${origin}/graph/.default` },
  };
}
