import { parseArmPath } from "../arm-id.ts";
import { locationDisplayName, locationNames } from "../locations.ts";
import { ArmError, type ResourceProvider, type ServiceTypeRow } from "../resource-provider.ts";
import { resourceManagerApiVersions } from "./api-versions.ts";
import type { ResourcesServices } from "./services.ts";

/** Every namespace of the local cloud is registered from the start. */
function providerBody(provider: ResourceProvider, subscriptionId: string | undefined) {
  const { namespace, types } = provider;
  const scope = subscriptionId === undefined ? "" : `/subscriptions/${subscriptionId}`;
  const shown = new Map(types.map((row) => [row.type, row]));
  return {
    ...(subscriptionId === undefined ? {} : { id: `${scope}/providers/${namespace}` }),
    namespace,
    ...(subscriptionId === undefined
      ? {}
      : { registrationState: "Registered", registrationPolicy: "RegistrationRequired" }),
    resourceTypes: [...shown.values()].map(({ type, path, apiVersions }) => ({
      resourceType: type.slice(namespace.length + 1),
      locations: path.includes("{resourceGroupName}") ? locationNames.map(locationDisplayName) : [],
      apiVersions,
    })),
  };
}

function findProvider({ providers }: ResourcesServices, namespace = ""): ResourceProvider {
  const provider = providers.find((one) => one.namespace.toLowerCase() === namespace.toLowerCase());
  if (provider === undefined) throw invalidNamespace(namespace);
  return provider;
}

export function invalidNamespace(namespace: string): ArmError {
  return new ArmError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
}

export const subscriptionProviders: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/subscriptions/providers",
  path: "/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}",
  apiVersions: resourceManagerApiVersions,
  get: (call, services) => ({
    status: 200,
    body: providerBody(
      findProvider(services, call.parameters.resourceProviderNamespace),
      services.subscriptionId,
    ),
  }),
  list: (_call, { providers, subscriptionId }) => ({
    status: 200,
    body: { value: providers.map((provider) => providerBody(provider, subscriptionId)) },
  }),
  actions: [
    {
      method: "POST",
      suffix: "register",
      action: "{resourceProviderNamespace}/register/action",
      handler: (call, services) => ({
        status: 200,
        body: providerBody(findProvider(services, parseArmPath(call.id).namespace), services.subscriptionId),
      }),
    },
  ],
};

export const tenantProviders: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/providers",
  path: "/providers/{resourceProviderNamespace}",
  apiVersions: resourceManagerApiVersions,
  authenticatedOnly: true,
  get: (call, services) => ({
    status: 200,
    body: providerBody(findProvider(services, call.parameters.resourceProviderNamespace), undefined),
  }),
  list: (_call, { providers }) => ({
    status: 200,
    body: { value: providers.map((provider) => providerBody(provider, undefined)) },
  }),
};
