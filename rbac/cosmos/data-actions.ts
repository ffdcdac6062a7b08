const account = "Microsoft.DocumentDB/databaseAccounts";
const container = `${account}/sqlDatabases/containers`;

/**
 * Every data action of Cosmos DB for NoSQL, by a short name
 * (https://learn.microsoft.com/azure/cosmos-db/nosql/reference-data-plane-security).
 */
export const dataActions = {
  readMetadata: `${account}/readMetadata`,
  createItem: `${container}/items/create`,
  readItem: `${container}/items/read`,
  replaceItem: `${container}/items/replace`,
  upsertItem: `${container}/items/upsert`,
  deleteItem: `${container}/items/delete`,
  executeQuery: `${container}/executeQuery`,
  readChangeFeed: `${container}/readChangeFeed`,
  executeStoredProcedure: `${container}/executeStoredProcedure`,
  manageConflicts: `${container}/manageConflicts`,
} as const;

export type DataAction = (typeof dataActions)[keyof typeof dataActions];

export const allDataActions: readonly DataAction[] = Object.values(dataActions);

/**
 * The only wildcards that a role definition may hold. Each covers one level: `containers/*` does not reach
 * `containers/items/…`, which is why the built-in contributor holds both.
 */
export const containerWildcard = `${container}/*`;
export const itemWildcard = `${container}/items/*`;

/**
 * The data actions that an entry of a role definition stands for; empty for an unknown entry.
 *
 * @param pattern an action's full name or one of the two wildcards, in any case.
 */
export function actionsMatching(pattern: string): readonly DataAction[] {
  const wanted = pattern.toLowerCase();
  if (!wanted.endsWith("/*")) return allDataActions.filter((action) => action.toLowerCase() === wanted);
  if (wanted !== containerWildcard.toLowerCase() && wanted !== itemWildcard.toLowerCase()) return [];
  const stem = wanted.slice(0, -1);
  return allDataActions.filter((action) => {
    const rest = action.toLowerCase().startsWith(stem) ? action.slice(stem.length) : "/";
    return !rest.includes("/");
  });
}
