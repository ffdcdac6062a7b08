import type { DataScope } from "../../../rbac/cosmos/scope.ts";

/**
 * Reads a grant's scope as it is written: `account`, `<database>` or `<database>/<container>`.
 *
 * @returns undefined when it has another form.
 */
export function parseGrantScope(text: string): DataScope | undefined {
  if (text === "account") return {};
  const [database, container, ...rest] = text.split("/");
  if (database === undefined || database === "" || container === "" || rest.length > 0) return undefined;
  return container === undefined ? { database } : { database, container };
}

/** Writes a scope as it stands in the settings. */
export function formatGrantScope({ database, container }: DataScope): string {
  if (database === undefined) return "account";
  return container === undefined ? database : `${database}/${container}`;
}
