import type { DirectoryObject, DirectoryObjectType } from "../entra/directory.ts";
import type { GraphCall } from "./call.ts";
import { notFound } from "./graph-error.ts";
import type { Properties } from "./properties.ts";

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

/** The properties of a body that only repeat what the object has and keeps: its id and its application id. */
export function repeatedKeys(body: Properties, { id, appId }: DirectoryObject): readonly string[] {
  const repeats = (name: string, value: string | undefined) =>
    typeof body[name] === "string" && body[name].toLowerCase() === value ? [name] : [];
  return [...repeats("id", id), ...repeats("appId", appId)];
}

/** The object in the request's path. @throws GraphError 404. */
export function addressed(call: GraphCall, type?: DirectoryObjectType): DirectoryObject {
  return findObject(call, call.parameters.id ?? "", type);
}
