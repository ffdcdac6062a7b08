import { readApiVersion } from "./api-version.ts";
import { lastSegment, parentResourceId, parseArmPath, resourceGroupId } from "./arm-id.ts";
import {
  invalidResourceName,
  parentResourceNotFound,
  resourceGroupNotFound,
  resourceNotFound,
} from "./errors.ts";
import { isLocation, locationDisplayName, locationNames, normalizeLocation } from "./locations.ts";
import { type ArmCall, ArmError } from "./resource-provider.ts";
import type { ResourceStore } from "./resource-store.ts";
import type { Route } from "./route-table.ts";

export interface Draft {
  readonly draft: Omit<ArmCall, "apiVersion" | "body">;
  readonly route: Route;
  readonly resources: ResourceStore;
  readonly body: unknown;
}

/**
 * What resource manager checks before any provider sees the call: api-version, resource group, parent, name, location,
 * precondition.
 *
 * @throws ArmError with resource manager's own codes.
 */
export function validateCall({ draft, route, resources, body }: Draft): ArmCall {
  const { row, kind } = route;
  const apiVersion = readApiVersion(draft.query, row, draft.existing?.location);
  const call: ArmCall = { ...draft, apiVersion, body };
  if (row.authenticatedOnly) return call;
  if (draft.parameters.scope !== undefined) checkScope(`/${draft.parameters.scope}`, resources);
  else checkAncestors(draft.id, resources);
  if (kind === "put") {
    const name = lastSegment(call.id);
    if (call.existing === undefined && row.name?.pattern.test(name) === false) {
      throw invalidResourceName(name, row.type, row.name.rule);
    }
    if (isTopLevel(row.path)) checkLocation(call, row.type);
  }
  if (["put", "patch", "delete"].includes(kind)) checkPrecondition(call);
  return call;
}

function checkAncestors(id: string, resources: ResourceStore): void {
  const group = resourceGroupId(id);
  const { resourceGroupName = "", namespace } = parseArmPath(id);
  const isGroupItself = namespace === undefined && group?.toLowerCase() === id.toLowerCase();
  if (group !== undefined && !isGroupItself && resources.get(group) === undefined) {
    throw resourceGroupNotFound(resourceGroupName);
  }
  const { types, names } = parseArmPath(id);
  const parent = types.length > names.length ? collectionOwner(id) : parentResourceId(id);
  if (parent !== undefined && resources.get(parent) === undefined) throw parentResourceNotFound(parent);
}

/** `…/databaseAccounts/a` of the collection `…/databaseAccounts/a/sqlDatabases`. */
function collectionOwner(path: string): string | undefined {
  return parseArmPath(path).names.length === 0 ? undefined : path.split("/").slice(0, -1).join("/");
}

/** Roles stand at the tenant, the subscription, a resource group or a resource that exists. */
function checkScope(scope: string, resources: ResourceStore): void {
  const { subscriptionId, resourceGroupName, namespace } = parseArmPath(scope);
  if (
    scope === "/" ||
    (subscriptionId !== undefined && resourceGroupName === undefined && namespace === undefined)
  ) {
    return;
  }
  checkAncestors(scope, resources);
  if (resources.get(scope) !== undefined) return;
  throw namespace === undefined ? resourceGroupNotFound(resourceGroupName ?? "") : resourceNotFound(scope);
}

function isTopLevel(path: string): boolean {
  return /\/resourceGroups\/\{[^}]+\}\/providers\/[^/]+\/[^/]+\/\{[^}]+\}$/i.test(path);
}

function checkLocation({ body, existing, id }: ArmCall, type: string): void {
  const location =
    typeof body === "object" && body !== null && "location" in body ? body.location : undefined;
  if (typeof location !== "string" || location === "") {
    throw new ArmError(400, "LocationRequired", "The location property is required for this definition.");
  }
  if (!isLocation(location)) {
    throw new ArmError(
      400,
      "LocationNotAvailableForResourceType",
      `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${locationNames.join(",")}'.`,
    );
  }
  const kept = existing?.location;
  if (kept !== undefined && normalizeLocation(kept) !== normalizeLocation(location)) {
    throw new ArmError(
      409,
      "InvalidResourceLocation",
      `The resource '${lastSegment(id)}' already exists in location '${locationDisplayName(kept)}' in resource group '${parseArmPath(id).resourceGroupName}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    );
  }
}

function checkPrecondition({ headers, existing }: ArmCall): void {
  const ifMatch = headers["if-match"];
  const ifNoneMatch = headers["if-none-match"];
  const failed = (header: string, value: string) =>
    new ArmError(
      412,
      "PreconditionFailed",
      `The specified precondition '${header} = ${value.slice(0, 100)}' failed.`,
    );
  if (
    ifMatch !== undefined &&
    !etags(ifMatch).some((tag) => existing && ["*", existing.etag].includes(tag))
  ) {
    throw failed("If-Match", ifMatch);
  }
  if (
    ifNoneMatch !== undefined &&
    etags(ifNoneMatch).some((tag) => existing && ["*", existing.etag].includes(tag))
  ) {
    throw failed("If-None-Match", ifNoneMatch);
  }
}

function etags(header: string): readonly string[] {
  return header.split(",").map((tag) =>
    tag
      .trim()
      .replace(/^W\//, "")
      .replace(/^"(.*)"$/, "$1"),
  );
}
