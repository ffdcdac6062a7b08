import { badRequest } from "../graph-error.ts";
import { isGuid, isObject, type Properties } from "../properties.ts";

const memberTypes = new Set(["User", "Application"]);
/** What `value` may hold: https://learn.microsoft.com/graph/api/resources/approle#properties */
const claimValue = /^[\w:!#$%&'()*+,./;<=>?@[\]^`{|}~-]{1,250}$/;

/**
 * Checks the app roles and scopes of an application after a write, against those before it.
 *
 * @throws GraphError 400 for an entry without an id, an id or value used twice, a value that fits no claim, one that is
 * removed or gets another value while it is enabled, and a client pre-authorized for a scope that is not there.
 */
export function checkRolesAndScopes(before: Properties, after: Properties): void {
  const roles = entries(after.appRoles);
  const scopes = scopesOf(after);
  for (const role of roles) checkEntry(role, role.isEnabled === true);
  for (const scope of scopes) checkEntry(scope, true);
  for (const { allowedMemberTypes } of roles) {
    const types = Array.isArray(allowedMemberTypes) ? allowedMemberTypes : [];
    if (types.length === 0 || !types.every((type) => memberTypes.has(type))) {
      throw badRequest(
        "The property 'allowedMemberTypes' of an app role must hold User, Application or both.",
      );
    }
  }
  requireUnique([...roles, ...scopes], "id");
  requireUnique(roles, "value");
  requireUnique(scopes, "value");
  requireKnownScopes(after, scopes);
  requireDisabled(entries(before.appRoles), roles);
  requireDisabled(scopesOf(before), scopes);
}

/** Roles and scopes are enabled where nothing else is said. */
export function withEnabled(properties: Properties): Properties {
  const { appRoles, api } = properties;
  const scopes = isObject(api) ? api.oauth2PermissionScopes : undefined;
  const enabled = (entry: Properties) => ({ ...entry, isEnabled: entry.isEnabled ?? true });
  return {
    ...properties,
    ...(Array.isArray(appRoles) ? { appRoles: appRoles.map(enabled) } : {}),
    ...(isObject(api) && Array.isArray(scopes)
      ? { api: { ...api, oauth2PermissionScopes: scopes.map(enabled) } }
      : {}),
  };
}

function checkEntry({ id, value }: Properties, needsValue: boolean): void {
  if (!isGuid(id)) throw badRequest("An app role or permission scope must have an 'id' that is a GUID.");
  const isMissing = value === undefined || value === null || value === "";
  if (isMissing && needsValue) {
    throw badRequest(`The app role or permission scope ${id} must have a 'value'.`);
  }
  if (isMissing || (typeof value === "string" && claimValue.test(value) && !value.startsWith("."))) return;
  throw badRequest(
    `The 'value' of the app role or permission scope ${id} must have 1 to 250 characters of those that a claim may hold, and no space.`,
  );
}

function requireUnique(all: readonly Properties[], name: "id" | "value"): void {
  const seen = new Set<unknown>();
  for (const { [name]: value } of all) {
    if (value === undefined || value === null || value === "") continue;
    if (seen.has(value))
      throw badRequest(`It contains duplicate value. Please Provide unique value. (${name})`);
    seen.add(value);
  }
}

function requireDisabled(before: readonly Properties[], after: readonly Properties[]): void {
  const kept = new Map(after.map((entry) => [entry.id, entry]));
  const broken = before
    .filter(({ isEnabled }) => isEnabled)
    .some(({ id, value }) => kept.get(id)?.value !== value);
  if (broken) {
    throw badRequest("Permission (scope or role) cannot be deleted or updated unless disabled first.");
  }
}

function requireKnownScopes({ api }: Properties, scopes: readonly Properties[]): void {
  const known = new Set(scopes.map(({ id }) => id));
  const clients = entries(isObject(api) ? api.preAuthorizedApplications : []);
  for (const { appId, delegatedPermissionIds: ids } of clients) {
    if (!isGuid(appId)) throw badRequest("A pre-authorized application must have an 'appId'.");
    const unknown = (Array.isArray(ids) ? ids : []).find((id) => !known.has(id));
    if (unknown === undefined) continue;
    throw badRequest(
      `The pre-authorized application ${appId} names the permission ${unknown}, which the application does not have.`,
    );
  }
}

function scopesOf({ api }: Properties): readonly Properties[] {
  return entries(isObject(api) ? api.oauth2PermissionScopes : []);
}

function entries(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
