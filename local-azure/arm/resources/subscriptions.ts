import { locationDisplayName, locationNames } from "../locations.ts";
import type { ArmCall, ServiceTypeRow } from "../resource-provider.ts";
import { subscriptionApiVersions } from "./api-versions.ts";
import type { ResourcesServices } from "./services.ts";

function subscriptionBody({ platform }: ResourcesServices): Readonly<Record<string, unknown>> {
  const { subscriptionId, tenantId } = platform;
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: "RoleBased",
    managedByTenants: [],
    subscriptionId,
    tenantId,
    displayName: "Local Azure",
    state: "Enabled",
    subscriptionPolicies: {
      locationPlacementId: "Public_2014-09-01",
      quotaId: "PayAsYouGo_2014-09-01",
      spendingLimit: "Off",
    },
  };
}

/** `/subscriptions` shows those in which the caller has a role, wherever it reaches. */
export const subscriptionList: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/subscriptions",
  path: "/subscriptions/{subscriptionId}",
  apiVersions: subscriptionApiVersions,
  authenticatedOnly: true,
  list: (call, services) => {
    const { authorizer, subscriptionId } = services;
    const visible = authorizer.hasRoleWithin(callerIds(call), `/subscriptions/${subscriptionId}`);
    return {
      status: 200,
      body: {
        value: visible ? [subscriptionBody(services)] : [],
        count: { type: "Total", value: visible ? 1 : 0 },
      },
    };
  },
};

export const subscription: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/subscriptions",
  path: "/subscriptions/{subscriptionId}",
  apiVersions: subscriptionApiVersions,
  get: (_call, services) => ({ status: 200, body: subscriptionBody(services) }),
};

export const subscriptionLocations: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/subscriptions/locations",
  path: "/subscriptions/{subscriptionId}/locations/{location}",
  apiVersions: subscriptionApiVersions,
  list: (_call, { subscriptionId }) => ({
    status: 200,
    body: {
      value: locationNames.map((name) => ({
        id: `/subscriptions/${subscriptionId}/locations/${name}`,
        name,
        type: "Region",
        displayName: locationDisplayName(name),
        regionalDisplayName: locationDisplayName(name),
        metadata: { regionType: "Physical", regionCategory: "Recommended" },
      })),
    },
  }),
};

export const tenants: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/tenants",
  path: "/tenants/{tenantId}",
  apiVersions: subscriptionApiVersions,
  authenticatedOnly: true,
  list: (_call, { platform: { tenantId } }) => ({
    status: 200,
    body: {
      value: [
        {
          id: `/tenants/${tenantId}`,
          tenantId,
          tenantCategory: "Home",
          displayName: "Local Azure",
          defaultDomain: "localhost",
          domains: ["localhost"],
          tenantType: "AAD",
        },
      ],
    },
  }),
};

/** Object ids of the caller and of its groups. */
export function callerIds({ principalId, groupIds }: ArmCall): readonly string[] {
  return [principalId, ...groupIds];
}
