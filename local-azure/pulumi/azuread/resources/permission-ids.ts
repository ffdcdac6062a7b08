import { isArray, isObject, type Value } from "../../provider/values.ts";

/** App roles or scopes by their value, for `appRoleIds` and `oauth2PermissionScopeIds`. */
export function permissionIds(permissions: Value | undefined): Readonly<Record<string, Value>> {
  const entries = (isArray(permissions) ? permissions : []).flatMap((permission): [string, Value][] =>
    isObject(permission) && typeof permission.value === "string" && permission.value !== ""
      ? [[permission.value, permission.id ?? ""]]
      : [],
  );
  return Object.fromEntries(entries);
}
