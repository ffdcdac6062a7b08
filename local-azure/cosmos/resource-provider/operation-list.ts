import type { ServiceTypeRow } from "../../arm/resource-provider.ts";
import type { CosmosServices } from "./services.ts";
import { cosmosApiVersions } from "./types.ts";

/** `GET /providers/Microsoft.DocumentDB/operations`: the control-plane actions of the types served here. */
export function operationList(
  rows: readonly ServiceTypeRow<CosmosServices>[],
): ServiceTypeRow<CosmosServices> {
  const names = rows.flatMap(({ type, get, list, put, patch, delete: remove, head, actions = [] }) => [
    ...((get ?? list ?? head) ? [`${type}/read`] : []),
    ...((put ?? patch) ? [`${type}/write`] : []),
    ...(remove ? [`${type}/delete`] : []),
    ...actions.map(({ action }) => action),
  ]);
  const value = [...new Set(names)].map((name) => {
    const [, ...path] = name.split("/");
    const operation = path.pop() === "action" ? path.pop() : name.slice(name.lastIndexOf("/") + 1);
    const resource = path.join("/");
    return {
      name,
      display: {
        provider: "Microsoft DocumentDB",
        resource,
        operation,
        description: `${operation} ${resource}`,
      },
    };
  });
  return {
    type: "Microsoft.DocumentDB/operations",
    path: "/providers/Microsoft.DocumentDB/operations/{operationName}",
    apiVersions: cosmosApiVersions,
    authenticatedOnly: true,
    list: () => ({ status: 200, body: { value } }),
  };
}
