import type { Values } from "../../provider/values.ts";
import type { ResourceType } from "./resource-type.ts";

/**
 * The path of a resource, filled from its inputs. Values are percent-encoded, except whole resource ids, which only
 * lose their slashes at both ends.
 * @throws {Error} when a path parameter has no value
 */
export function resourcePath(
  entry: Pick<ResourceType, "path"> & { readonly skipUrlEncoding?: readonly string[] },
  inputs: Values,
  subscriptionId: string,
): string {
  return entry.path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = parameter === "subscriptionId" ? subscriptionId : inputs[parameter];
    if (typeof value !== "string" || value === "")
      throw new Error(`missing value for path parameter '${parameter}'`);
    return entry.skipUrlEncoding?.includes(parameter) === true
      ? value.replaceAll(/^\/+|\/+$/g, "")
      : encodeURIComponent(value);
  });
}

/**
 * Reads the path parameters out of a resource id; letter case does not matter.
 * @throws {Error} when the id does not fit the path
 */
export function parseResourceId(
  id: string,
  entry: Pick<ResourceType, "path" | "skipUrlEncoding">,
): Record<string, string> {
  const pattern = entry.path
    .split(/(\{\w+\})/)
    .map((part) => {
      const parameter = /^\{(\w+)\}$/.exec(part)?.[1];
      if (parameter === undefined) return escapePattern(part);
      return entry.skipUrlEncoding.includes(parameter) && parameter !== "roleAssignmentName"
        ? `(?<${parameter}>.+)`
        : `(?<${parameter}>[^/]+)`;
    })
    .join("");
  const match = new RegExp(`^${pattern}$`, "i").exec(id.startsWith("/") ? id : `/${id}`);
  if (match?.groups === undefined)
    throw new Error(`failed to parse '${id}' against the path '${entry.path}'`);
  return Object.fromEntries(
    Object.entries(match.groups).map(([name, value]) => [
      name,
      entry.skipUrlEncoding.includes(name) ? value : decoded(value),
    ]),
  );
}

/** Ids in state may come from services that do not encode them: what cannot be decoded is taken as it is. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
