import { parseArmPath } from "./arm-id.ts";
import type { ArmRequest } from "./request.ts";
import { ArmError } from "./resource-provider.ts";
import { invalidNamespace } from "./resources/providers.ts";
import type { RouteLookup, RouteTable } from "./route-table.ts";

/**
 * The refusal of a path or verb that this local cloud does not serve: 405 MethodNotAllowed where another verb is served,
 * else 404 InvalidResourceNamespace or InvalidResourceType; both name the type and say what there is.
 */
export function refuseUnknownPath(
  { method, path, query }: ArmRequest,
  lookup: Exclude<RouteLookup, { kind: "match" }>,
  table: RouteTable,
): ArmError {
  if (lookup.kind === "otherMethods") {
    return new ArmError(
      405,
      "MethodNotAllowed",
      `The requested resource does not support http method '${method}'.`,
      { headers: { Allow: lookup.methods.join(", ") } },
    );
  }
  const { namespace = "Microsoft.Resources", types } = parseArmPath(path);
  const all = [...new Set(table.routes.map(({ row }) => row.type))];
  const served = all.filter((type) => type.toLowerCase().startsWith(`${namespace.toLowerCase()}/`));
  const type = types.length > 0 ? types.join("/") : path;
  if (served.length === 0) {
    const { status, code, message } = invalidNamespace(namespace);
    const namespaces = [...new Set(all.map((one) => one.slice(0, one.indexOf("/"))))];
    return new ArmError(
      status,
      code,
      `${message} This local cloud has no resource type '${namespace}/${type}'; it serves the namespaces ${namespaces.join(", ")}.`,
    );
  }
  return new ArmError(
    404,
    "InvalidResourceType",
    `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${query.get("api-version") ?? ""}'. This local cloud serves: ${served.join(", ")}.`,
  );
}
