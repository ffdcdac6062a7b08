import type { DirectoryObject, DirectoryObjectType } from "../entra/directory.ts";
import type { GraphCall } from "./call.ts";
import { notFound } from "./graph-error.ts";

/**
 * The object that a key names: an object id, `appId=<application id>`, or the principal name of a user.
 *
 * @param type the type that it must have.
 * @throws GraphError 404.
 */
export function findObject(
  { directory }: Pick<GraphCall, "directory">,
  key: string,
  type?: DirectoryObjectType,
): DirectoryObject {
  const appId = /^appId=(.*)$/i.exec(key)?.[1];
  const found =
    appId !== undefined
      ? type === "application"
        ? directory.findApplicationByAppId(appId)
        : directory.findServicePrincipalByAppId(appId)
      : (directory.find(key) ?? (type === "user" ? directory.findUser(key) : undefined));
  if (found === undefined || (type !== undefined && found.type !== type)) throw notFound(appId ?? key);
  return found;
}

/** The object in the request's path. @throws GraphError 404. */
export function addressed(call: GraphCall, type?: DirectoryObjectType): DirectoryObject {
  return findObject(call, call.parameters.id ?? "", type);
}
