import { badRequest } from "./graph-error.ts";

type Kind = "text" | "textOrNull" | "texts" | "flag" | "flagOrNull" | "object" | "objectOrNull" | "objects";

/** The properties that a client may write, with the kind of value each takes. */
export type WritableProperties = Readonly<Record<string, Kind>>;

/** https://learn.microsoft.com/graph/api/resources/application#properties */
export const applicationProperties: WritableProperties = {
  displayName: "text",
  api: "object",
  appRoles: "objects",
  description: "textOrNull",
  groupMembershipClaims: "textOrNull",
  identifierUris: "texts",
  info: "object",
  isFallbackPublicClient: "flagOrNull",
  notes: "textOrNull",
  optionalClaims: "objectOrNull",
  publicClient: "object",
  requiredResourceAccess: "objects",
  serviceManagementReference: "textOrNull",
  signInAudience: "text",
  spa: "object",
  tags: "texts",
  web: "object",
};

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal#properties */
export const servicePrincipalProperties: WritableProperties = {
  accountEnabled: "flag",
  alternativeNames: "texts",
  appRoleAssignmentRequired: "flag",
  description: "textOrNull",
  displayName: "text",
  homepage: "textOrNull",
  loginUrl: "textOrNull",
  logoutUrl: "textOrNull",
  notes: "textOrNull",
  notificationEmailAddresses: "texts",
  preferredSingleSignOnMode: "textOrNull",
  tags: "texts",
};

export type Properties = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const checks: Readonly<Record<Kind, readonly [(value: unknown) => boolean, string]>> = {
  text: [(value) => typeof value === "string" && value !== "", "a non-empty string"],
  textOrNull: [(value) => value === null || typeof value === "string", "a string or null"],
  texts: [
    (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
    "a list of strings",
  ],
  flag: [(value) => typeof value === "boolean", "true or false"],
  flagOrNull: [(value) => value === null || typeof value === "boolean", "true, false or null"],
  object: [isObject, "an object"],
  objectOrNull: [(value) => value === null || isObject(value), "an object or null"],
  objects: [(value) => Array.isArray(value) && value.every(isObject), "a list of objects"],
};

/**
 * Checks a body against the writable properties and answers those it holds. OData annotations of the body's own type are
 * dropped.
 *
 * @param besides properties that the operation reads itself.
 * @throws GraphError 400 that names the first property that is unknown, not supported or of another kind.
 */
export function readProperties(
  body: Properties,
  writable: WritableProperties,
  type: string,
  besides: readonly string[] = [],
): Properties {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === "@odata.type" || besides.includes(name)) continue;
    const kind = Object.hasOwn(writable, name) ? writable[name] : undefined;
    if (kind === undefined) {
      throw badRequest(
        `The property '${name.slice(0, 100)}' of the type '${type}' is not supported by the local Graph, or is read-only.`,
      );
    }
    const [holds, wanted] = checks[kind];
    if (!holds(value)) throw badRequest(`The property '${name}' of the type '${type}' must be ${wanted}.`);
    read[name] = value;
  }
  return read;
}

/** PATCH as Graph does it: nested objects are merged, lists and null replace. */
export function merge(before: Properties, change: Properties): Properties {
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const kept = Object.hasOwn(merged, name) ? merged[name] : undefined;
    merged[name] = isObject(value) && isObject(kept) ? merge(kept, value) : value;
  }
  return merged;
}
