import { isArray, isObject, sameValue, type Value, type Values, valueAt } from "../../provider/values.ts";
import { waitUntil } from "../graph/wait.ts";
import { patchApplication } from "./application-patch.ts";
import type { Operation } from "./operation.ts";

function objectsAt(values: Values, path: string): readonly Values[] {
  const value = valueAt(values, path);
  return isArray(value) ? value.filter((element) => isObject(element)) : [];
}

/** Whether a permission would lose or change what Graph changes only while it is disabled. */
function changes(present: Values, wanted: Values | undefined): boolean {
  if (wanted === undefined) return true;
  return Object.keys(wanted).some(
    (key) => key !== "isEnabled" && !sameValue(present[key] ?? "", wanted[key] ?? ""),
  );
}

/**
 * Disables the app roles or scopes that a PATCH is about to change or remove, because Graph refuses to do so to an
 * enabled one, and waits until the directory shows them disabled.
 * @param wanted the body of the coming PATCH
 */
export async function disablePermissions(
  operation: Operation,
  objectId: string,
  place: "appRoles" | "api.oauth2PermissionScopes",
  wanted: Values,
): Promise<void> {
  const { graph } = operation;
  const path = `/applications/${objectId}`;
  const summary = `Could not disable permissions of application with object ID "${objectId}"`;
  const readPermissions = async () => objectsAt(await graph.call(summary, { method: "GET", path }), place);

  const coming = new Map(objectsAt(wanted, place).map((permission) => [permission.id, permission]));
  const present = await readPermissions();
  const disabled = new Set(
    present
      .filter(
        (permission) =>
          permission.isEnabled === true && changes(permission, coming.get(permission.id ?? null)),
      )
      .map(({ id }) => id),
  );
  if (disabled.size === 0) return;

  const list: Value = present.map((permission) =>
    disabled.has(permission.id) ? { ...permission, isEnabled: false } : permission,
  );
  const body: Values = place === "appRoles" ? { appRoles: list } : { api: { oauth2PermissionScopes: list } };
  await patchApplication(operation, objectId, summary, { id: objectId, ...body });
  await waitUntil(graph, `permissions of application ${objectId} to be disabled`, 1, async () =>
    (await readPermissions()).every(({ id, isEnabled }) => !disabled.has(id) || isEnabled === false),
  );
}
