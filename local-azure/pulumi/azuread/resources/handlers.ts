import { appRoleAssignment } from "./app-role-assignment.ts";
import { application } from "./application.ts";
import { applicationCertificate } from "./certificate.ts";
import { applicationFederatedIdentityCredential } from "./federated-credential.ts";
import { group } from "./group.ts";
import { groupMember } from "./group-member.ts";
import { applicationIdentifierUri } from "./identifier-uri.ts";
import type { Handler } from "./operation.ts";
import { applicationPassword, servicePrincipalPassword } from "./password.ts";
import { servicePrincipalDelegatedPermissionGrant } from "./permission-grant.ts";
import { applicationPreAuthorized } from "./pre-authorized.ts";
import { servicePrincipal } from "./service-principal.ts";

/** By the name of the type's file, the middle part of its token. */
const handlers: Readonly<Record<string, Handler>> = {
  application,
  applicationPassword,
  applicationCertificate,
  applicationFederatedIdentityCredential,
  applicationIdentifierUri,
  applicationPreAuthorized,
  servicePrincipal,
  servicePrincipalPassword,
  servicePrincipalDelegatedPermissionGrant,
  appRoleAssignment,
  group,
  groupMember,
};

/** @param token of a type that stands in the tables, which name the same types */
export function handlerOf(token: string): Handler {
  const [, file] = /^azuread:index\/(\w+):/.exec(token) ?? [];
  const handler = file === undefined ? undefined : handlers[file];
  if (handler === undefined) throw new Error(`no operations for ${token}`);
  return handler;
}
