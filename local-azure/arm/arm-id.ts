/** The parts of an ARM id or of the path of a collection. */
export interface ArmPath {
  readonly subscriptionId: string | undefined;
  readonly resourceGroupName: string | undefined;
  /** Namespace after the last `/providers/`, as spelled. */
  readonly namespace: string | undefined;
  /** Type segments after the namespace: `databaseAccounts`, `sqlDatabases`. */
  readonly types: readonly string[];
  /** Name segments after the namespace; one fewer than `types` for a collection. */
  readonly names: readonly string[];
}

/** Reads an ARM path without judging it; keywords compare without case. */
export function parseArmPath(path: string): ArmPath {
  const segments = path.split("/").filter((segment) => segment !== "");
  const is = (index: number, keyword: string) => segments[index]?.toLowerCase() === keyword;
  const hasSubscription = is(0, "subscriptions");
  const providers = segments.findLastIndex((segment) => segment.toLowerCase() === "providers");
  const rest = providers < 0 ? [] : segments.slice(providers + 2);
  return {
    subscriptionId: hasSubscription ? segments[1] : undefined,
    resourceGroupName: hasSubscription && is(2, "resourcegroups") ? segments[3] : undefined,
    namespace: providers < 0 ? undefined : segments[providers + 1],
    types: rest.filter((_, index) => index % 2 === 0),
    names: rest.filter((_, index) => index % 2 === 1),
  };
}

/** The id of the resource that holds `id`, when `id` is nested in one: `…/databaseAccounts/a` of `…/a/sqlDatabases/d`. */
export function parentResourceId(id: string): string | undefined {
  return parseArmPath(id).names.length > 1 ? id.split("/").slice(0, -2).join("/") : undefined;
}

/** `/subscriptions/…/resourceGroups/…` of an id in a resource group. */
export function resourceGroupId(id: string): string | undefined {
  const { subscriptionId, resourceGroupName } = parseArmPath(id);
  if (subscriptionId === undefined || resourceGroupName === undefined) return undefined;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
}

export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
