import { operationResult, operationStatus } from "./operation-rows.ts";
import { subscriptionProviders, tenantProviders } from "./providers.ts";
import { resourceGroups } from "./resource-groups.ts";
import { groupResources, subscriptionResources } from "./resource-list.ts";
import { subscription, subscriptionList, subscriptionLocations, tenants } from "./subscriptions.ts";

/** The types of Microsoft.Resources. */
export const resourcesTypes = [
  subscriptionList,
  subscription,
  subscriptionLocations,
  tenants,
  subscriptionProviders,
  tenantProviders,
  resourceGroups,
  groupResources,
  subscriptionResources,
  operationStatus,
  operationResult,
] as const;
