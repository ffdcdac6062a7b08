import type { Values } from "../../provider/values.ts";
import { NotInCatalog, resourceType } from "../schema/catalog.ts";
import { resourcePath } from "../schema/resource-path.ts";

/**
 * Where resource manager has, or would have, a resource of the azure-native package.
 * @param token for example `azure-native:cosmosdb:DatabaseAccount`
 * @param inputs checked inputs, as they stand in a stack's state
 * @returns `undefined` for a type without a table, or when a path parameter is not known
 */
export function resourceIdOf(
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  subscriptionId: string,
): { readonly id: string; readonly apiVersion: string } | undefined {
  try {
    const { entry } = resourceType(token);
    const known = Object.keys(entry.inputs).filter((name) => entry.inputs[name]?.inPath === true);
    if (!known.every((name) => typeof inputs[name] === "string")) return undefined;
    return { id: resourcePath(entry, inputs as Values, subscriptionId), apiVersion: entry.apiVersion };
  } catch (error) {
    if (error instanceof NotInCatalog) return undefined;
    throw error;
  }
}
