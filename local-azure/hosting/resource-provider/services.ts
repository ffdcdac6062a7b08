import type { ArmCall } from "../../arm/resource-provider.ts";
import type { ResourceStore } from "../../arm/resource-store.ts";
import type { Platform } from "../../core/platform.ts";
import type { Directory } from "../../entra/directory.ts";
import type { Deployments } from "../deployments.ts";

/** What the handlers of the Microsoft.Web types work with. */
export interface WebServices {
  readonly platform: Platform;
  readonly directory: Directory;
  readonly resources: ResourceStore;
  readonly deployments: Deployments;
}

/** The prefix of every resource in a resource group. */
export const groupPath = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";

/** Id of the resource of `collection` (`sites`, `serverfarms`) that the call's path names or lies below. */
export function webResourceId({ parameters }: ArmCall, collection: "sites" | "serverfarms"): string {
  const { subscriptionId, resourceGroupName, name } = parameters;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.Web/${collection}/${name}`;
}

/** What lies in the collection of a list call: of a resource group, or of the whole subscription. */
export function listedScope({ parameters }: ArmCall): string {
  const { subscriptionId, resourceGroupName } = parameters;
  const subscription = `/subscriptions/${subscriptionId}`;
  return resourceGroupName === undefined
    ? subscription
    : `${subscription}/resourceGroups/${resourceGroupName}`;
}
