import type { Directory, DirectoryObject } from "../../entra/directory.ts";
import { type FirstPartyApplication, firstParty } from "../../entra/first-party.ts";
import { isObject, type Properties } from "../properties.ts";

/** What a resource offers to its clients. */
export interface Published {
  readonly appRoles: readonly Properties[];
  readonly oauth2PermissionScopes: readonly Properties[];
}

/** Whether a service principal is of an application of Microsoft's. */
export function isMicrosofts({ appId }: DirectoryObject): boolean {
  return Object.values(firstParty).some((application) => application.appId === appId);
}

/** The roles and scopes of a service principal: those of its application, or of Microsoft's. */
export function publishedBy({ appId = "" }: DirectoryObject, directory: Directory): Published {
  const microsoft = Object.values(firstParty).find((application) => application.appId === appId);
  if (microsoft !== undefined) return publishedByMicrosoft(microsoft);
  const { appRoles, api } = directory.findApplicationByAppId(appId)?.properties ?? {};
  return {
    appRoles: objects(appRoles),
    oauth2PermissionScopes: objects(isObject(api) ? api.oauth2PermissionScopes : []),
  };
}

function publishedByMicrosoft({ appRoles, scopes }: FirstPartyApplication): Published {
  return {
    appRoles: appRoles.map(({ id, value }) => ({
      allowedMemberTypes: ["Application"],
      description: value,
      displayName: value,
      id,
      isEnabled: true,
      origin: "Application",
      value,
    })),
    oauth2PermissionScopes: scopes.map(({ id, value }) => ({
      adminConsentDescription: value,
      adminConsentDisplayName: value,
      id,
      isEnabled: true,
      type: "User",
      userConsentDescription: null,
      userConsentDisplayName: null,
      value,
    })),
  };
}

function objects(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
