import { parseArmPath } from "../arm-id.ts";
import { normalizeLocation } from "../locations.ts";
import { type ArmCall, ArmError, type ServiceTypeRow } from "../resource-provider.ts";
import type { ArmResource } from "../resource-store.ts";
import { resourceManagerApiVersions } from "./api-versions.ts";
import type { ResourcesServices } from "./services.ts";

/** The collection of all resources of the subscription. */
export const subscriptionResources: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/subscriptions/resources",
  path: "/subscriptions/{subscriptionId}/resources/{resourceName}",
  apiVersions: resourceManagerApiVersions,
  list: (call, services) => listResources(call, services, `/subscriptions/${services.subscriptionId}`),
};

/** The collection of all resources of a resource group. */
export const groupResources: ServiceTypeRow<ResourcesServices> = {
  type: "Microsoft.Resources/subscriptions/resourceGroups/resources",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/resources/{resourceName}",
  apiVersions: resourceManagerApiVersions,
  list: (call, services) =>
    listResources(
      call,
      services,
      `/subscriptions/${services.subscriptionId}/resourceGroups/${call.parameters.resourceGroupName}`,
    ),
};

function listResources(call: ArmCall, { resources }: ResourcesServices, below: string) {
  const matches = readFilter(call.query.get("$filter"));
  const top = readTop(call.query.get("$top"));
  const value = resources
    .listBelow(below)
    .filter((resource) => isTopLevel(resource) && matches(resource))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, top)
    .map(({ id, name, type, kind, location, tags, identity, sku, plan, managedBy }) => ({
      id,
      name,
      type,
      ...Object.fromEntries(
        Object.entries({ kind, location, tags, identity, sku, plan, managedBy }).filter(
          ([, part]) => part !== undefined,
        ),
      ),
    }));
  return { status: 200, body: { value } };
}

/** Resources with a place in a group; children and roles are read through their own collections. */
function isTopLevel({ id }: ArmResource): boolean {
  const { resourceGroupName, names, namespace } = parseArmPath(id);
  return (
    resourceGroupName !== undefined &&
    names.length === 1 &&
    namespace?.toLowerCase() !== "microsoft.authorization"
  );
}

const comparison = /^\s*(resourceType|name|location|resourceGroup)\s+(eq|ne)\s+'((?:[^']|'')*)'\s*$/i;

/** @throws ArmError 400 InvalidFilterInQueryString for anything but comparisons joined with `and`. */
function readFilter(filter: string | null): (resource: ArmResource) => boolean {
  if (filter === null || filter.trim() === "") return () => true;
  const tests = filter.split(/\s+and\s+/i).map((term) => {
    const match = comparison.exec(term);
    if (match === null) {
      throw new ArmError(
        400,
        "InvalidFilterInQueryString",
        `Invalid $filter '${filter.slice(0, 200)}' specified in the query string. Supported are resourceType, name, location and resourceGroup with eq or ne, joined with and.`,
      );
    }
    const [, property = "", operator = "", quoted = ""] = match;
    const wanted = quoted.replaceAll("''", "'").toLowerCase();
    return (resource: ArmResource) =>
      (propertyOf(resource, property.toLowerCase()) === normalized(property, wanted)) ===
      (operator.toLowerCase() === "eq");
  });
  return (resource) => tests.every((test) => test(resource));
}

function normalized(property: string, value: string): string {
  return property.toLowerCase() === "location" ? normalizeLocation(value) : value;
}

function propertyOf({ id, name, type, location }: ArmResource, property: string): string | undefined {
  switch (property) {
    case "resourcetype":
      return type.toLowerCase();
    case "name":
      return name.toLowerCase();
    case "location":
      return location === undefined ? undefined : normalizeLocation(location);
    default:
      return parseArmPath(id).resourceGroupName?.toLowerCase();
  }
}

function readTop(top: string | null): number | undefined {
  if (top === null) return undefined;
  if (/^[1-9]\d{0,5}$/.test(top)) return Number(top);
  throw new ArmError(
    400,
    "InvalidTopInQueryString",
    `Invalid $top '${top.slice(0, 50)}' specified in the query string.`,
  );
}
