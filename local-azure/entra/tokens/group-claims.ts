import type { Platform } from "../../core/platform.ts";
import type { Directory, DirectoryObject } from "../directory.ts";
import { assignedTo } from "../permissions/app-roles.ts";
import type { TokenResource } from "../resources.ts";

/** More groups than this do not fit a token: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
const maxGroups = 200;
/** Role template of a Global Administrator. */
const administratorRole = "62e90394-69f5-4237-9190-012177145e10";

type Claims = Readonly<Record<string, unknown>>;

/**
 * The claims `groups` and `wids`. Microsoft's own resources get both; an application gets what its
 * `groupMembershipClaims` asks for. More than 200 groups are left out and named by reference.
 */
export function membershipClaims(
  directory: Directory,
  principal: DirectoryObject,
  resource: TokenResource,
  platform: Pick<Platform, "origin" | "tenantId">,
): Claims {
  const asked = resource.registration?.groupClaims ?? new Set(["All"]);
  const groups = asked.has("ApplicationGroup")
    ? assignedTo(directory, principal, resource).groups
    : asked.has("All")
      ? directory.groupsOf(principal.id)
      : asked.has("SecurityGroup")
        ? directory.groupsOf(principal.id).filter((id) => isSecurityGroup(directory.find(id)))
        : [];
  const hasRoles = principal.isDirectoryAdministrator && (asked.has("All") || asked.has("DirectoryRole"));
  return {
    ...groupClaims(groups, principal.id, platform),
    ...(hasRoles ? { wids: [administratorRole] } : {}),
  };
}

function groupClaims(
  groups: readonly string[],
  objectId: string,
  { origin, tenantId }: Pick<Platform, "origin" | "tenantId">,
): Claims {
  if (groups.length === 0) return {};
  if (groups.length <= maxGroups) return { groups };
  const endpoint = `${origin}/graph/v1.0/${tenantId}/directoryObjects/${objectId}/getMemberObjects`;
  return { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint } } };
}

function isSecurityGroup(group: DirectoryObject | undefined): boolean {
  return group?.properties.securityEnabled !== false;
}
