import { isArray, isObject, UNKNOWN, type Value, type Values } from "../../provider/values.ts";
import { durationOf } from "../resources/duration.ts";

type Report = (path: string, reason: string) => void;

/** Faults that lie between inputs, where each alone is right. */
export function crossFaults(token: string, inputs: Values, report: Report): void {
  switch (token.split(":").at(-1)) {
    case "Application":
      applicationFaults(inputs, report);
      return;
    case "Group":
      groupFaults(inputs, report);
      return;
    case "ApplicationFederatedIdentityCredential":
      if (isArray(inputs.audiences) && inputs.audiences.length !== 1)
        report("audiences", `Exactly one audience must be given, got ${inputs.audiences.length}`);
      return;
    default:
      relativeEndFault(inputs, report);
  }
}

function relativeEndFault({ endDateRelative }: Values, report: Report): void {
  if (typeof endDateRelative !== "string" || endDateRelative === UNKNOWN) return;
  if (durationOf(endDateRelative) === undefined)
    report("endDateRelative", `Unable to parse ${JSON.stringify(endDateRelative)} as a duration`);
}

interface Permission {
  readonly id: Value | undefined;
  readonly value: Value | undefined;
  readonly text: string;
}

/** App roles and scopes share one name space: an id has one value and a value one id. */
function applicationFaults(inputs: Values, report: Report): void {
  const roles = objectsOf(inputs.appRoles).map((role) =>
    permission(role, role.displayName, role.description),
  );
  const api = isObject(inputs.api) ? inputs.api : {};
  const scopes = objectsOf(api.oauth2PermissionScopes).map((scope) =>
    permission(scope, scope.adminConsentDisplayName, scope.adminConsentDescription),
  );
  const seen: Permission[] = [];
  for (const one of [...roles, ...scopes]) {
    if (!isKnown(one.id) || !isKnown(one.value)) continue;
    for (const other of seen) {
      if (one.id === other.id && one.value !== other.value)
        report("appRoles", `validation failed: duplicate ID found: "${one.id}"`);
      else if (one.value === other.value && one.id !== other.id)
        report("appRoles", `validation failed: duplicate value found: "${one.value}"`);
      else if (one.id === other.id && one.text !== other.text)
        report(
          "appRoles",
          `validation failed: an app role and a scope with the identifier "${one.id}" must have the same ` +
            "description, display name and state",
        );
    }
    seen.push(one);
  }
  const audience = inputs.signInAudience;
  if (audience === "AzureADandPersonalMicrosoftAccount" || audience === "PersonalMicrosoftAccount") {
    if (api.requestedAccessTokenVersion !== 2 && api.requestedAccessTokenVersion !== UNKNOWN)
      report(
        "api.requestedAccessTokenVersion",
        `requestedAccessTokenVersion must be 2 when signInAudience is "${audience}"`,
      );
  }
}

function groupFaults(inputs: Values, report: Report): void {
  const types = isArray(inputs.types) ? inputs.types : [];
  if (inputs.mailEnabled !== true && inputs.securityEnabled !== true)
    if (inputs.mailEnabled !== UNKNOWN && inputs.securityEnabled !== UNKNOWN)
      report("securityEnabled", "At least one of mailEnabled or securityEnabled must be true");
  if (inputs.mailEnabled === true && !types.includes("Unified"))
    report("types", 'types must contain "Unified" when mailEnabled is true');
  if (inputs.mailEnabled === true && inputs.mailNickname === undefined)
    report("mailNickname", "mailNickname is required when mailEnabled is true");
  if (inputs.assignableToRole === true && inputs.securityEnabled !== true)
    report("assignableToRole", "assignableToRole can only be true for security-enabled groups");
  if (inputs.dynamicMembership !== undefined && inputs.members !== undefined)
    report("members", "members cannot be used with dynamicMembership");
  if (types.includes("DynamicMembership") !== (inputs.dynamicMembership !== undefined))
    report("dynamicMembership", 'dynamicMembership goes with types that contain "DynamicMembership"');
  if (isArray(inputs.owners) && inputs.owners.length === 0)
    report("owners", "owners must have at least one element; a group cannot lose its last owner");
}

function objectsOf(value: Value | undefined): readonly Values[] {
  return isArray(value) ? value.filter((element) => isObject(element)) : [];
}

function permission(
  { id, value, enabled }: Values,
  name: Value | undefined,
  description: Value | undefined,
): Permission {
  return { id, value, text: JSON.stringify([name, description, enabled]) };
}

function isKnown(value: Value | undefined): boolean {
  return value !== undefined && value !== UNKNOWN && value !== "";
}
