import type { Directory, DirectoryObject } from "../../entra/directory.ts";
import { badRequest, denied } from "../graph-error.ts";
import type { Caller } from "./caller.ts";
import { type Access, type Requirement, requirements } from "./permissions.ts";

export interface AccessRequest {
  readonly access: Access;
  readonly caller: Caller;
  readonly directory: Directory;
  /** The object in the path, where the path names one that is there. */
  readonly target: DirectoryObject | undefined;
}

/** @throws GraphError 403 `Authorization_RequestDenied`; 400 for `/me` without a person. */
export function authorize(request: AccessRequest): void {
  const { access, caller } = request;
  if (access === "readMe" && caller.kind !== "delegated") {
    throw badRequest("/me request is only valid with delegated authentication flow.");
  }
  if (!caller.isPresent || !isAllowed(request)) throw denied();
}

function isAllowed({ access, caller, directory, target }: AccessRequest): boolean {
  const requirement: Requirement = requirements[access];
  const { application, ownedByApplication = [], delegated, person } = requirement;
  const isOwner = target !== undefined && owns(directory, caller, target);
  if (caller.kind === "application") {
    return (
      caller.isAdministrator || hasAny(caller, application) || (hasAny(caller, ownedByApplication) && isOwner)
    );
  }
  if (!hasAny(caller, delegated)) return false;
  return caller.isAdministrator || person === "member" || (person === "owner" && isOwner);
}

/** Whether the caller may manage objects of this kind only where it owns them. */
export function isHeldToOwned({ isAdministrator, kind, permissions }: Caller, access: Access): boolean {
  const { application } = requirements[access];
  return kind === "application" && !isAdministrator && !hasAny({ permissions }, application);
}

export function owns({ owners }: Directory, { principalId }: Caller, { id }: DirectoryObject): boolean {
  return owners.of(id).includes(principalId);
}

function hasAny({ permissions }: Pick<Caller, "permissions">, wanted: readonly string[]): boolean {
  return wanted.some((permission) => permissions.has(permission));
}
