import { lastSegment } from "./arm-id.ts";
import { locationNames } from "./locations.ts";
import { ArmError, type ResourceTypeRow } from "./resource-provider.ts";

const form = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/i;

/**
 * The api-version of a request, checked against those of the resource type.
 *
 * @throws ArmError MissingApiVersionParameter, InvalidApiVersionParameter (not a version at all, or not one of resource
 * manager's own types), NoRegisteredProviderFound (a version that this type does not speak); both list what is supported.
 */
export function readApiVersion(query: URLSearchParams, row: ResourceTypeRow, location?: string): string {
  const offered = query.get("api-version");
  if (offered === null || offered === "") {
    throw new ArmError(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (row.anyApiVersion && form.test(offered)) return offered;
  const known = row.apiVersions.find((version) => version.toLowerCase() === offered.toLowerCase());
  if (known !== undefined) return known;
  if (!form.test(offered) || /^microsoft\.resources\//i.test(row.type)) {
    throw new ArmError(
      400,
      "InvalidApiVersionParameter",
      `The api-version '${printable(offered)}' is invalid. The supported versions are '${row.apiVersions.join(",")}'.`,
    );
  }
  throw new ArmError(
    400,
    "NoRegisteredProviderFound",
    `No registered resource provider found for location '${location ?? "global"}' and API version '${offered}' for type '${typeWithoutNamespace(row.type)}'. The supported api-versions are '${row.apiVersions.join(", ")}'. The supported locations are '${locationNames.join(", ")}'.`,
  );
}

function typeWithoutNamespace(type: string): string {
  return type.slice(type.indexOf("/") + 1) || lastSegment(type);
}

function printable(text: string): string {
  return text.slice(0, 40).replace(/[^\x20-\x7e]/g, "?");
}
