/**
 * What a grant reaches: the account when both are absent, a database, or one container of it. A container without its
 * database is no scope: it holds nothing and lies in nothing.
 */
export interface DataScope {
  readonly database?: string;
  readonly container?: string;
}

/** A scope that cannot be read; the message quotes it and says the right form. */
export class ScopeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ScopeError";
  }
}

const suffixForm = /^(?:\/dbs\/([^/]+)(?:\/colls\/([^/]+))?)?\/?$/i;
const resourceForm = /^\/sqlDatabases\/([^/]+)(?:\/containers\/([^/]+))?\/?$/i;

/**
 * Reads a data-plane scope: a full ARM account id with an optional `/dbs/<db>[/colls/<container>]`, or that suffix alone.
 *
 * @param accountId the ARM id of the account that the scope belongs to.
 * @throws ScopeError for another account, and for the ARM-looking `/sqlDatabases/<db>/containers/<c>`, whose right form
 * it names.
 */
export function parseDataScope(text: string, accountId: string): DataScope {
  const suffix = suffixOf(text, accountId);
  const named = resourceForm.exec(suffix);
  if (named !== null) {
    const [, database, container] = named;
    throw new ScopeError(
      `"${text}" is the id of a resource, not a data-plane scope. Write "/dbs/${database}${container === undefined ? "" : `/colls/${container}`}".`,
    );
  }
  const match = suffixForm.exec(suffix);
  if (match === null) {
    throw new ScopeError(
      `"${text}" is not a data-plane scope. Write "/", "/dbs/<database>" or "/dbs/<database>/colls/<container>".`,
    );
  }
  const [, database, container] = match;
  if (database === undefined) return {};
  return container === undefined ? { database } : { database, container };
}

function suffixOf(text: string, accountId: string): string {
  if (text.toLowerCase().startsWith(accountId.toLowerCase())) {
    const rest = text.slice(accountId.length);
    if (rest === "" || rest.startsWith("/")) return rest;
  }
  if (/^\/subscriptions\//i.test(text)) {
    throw new ScopeError(`"${text}" is not within the account ${accountId}.`);
  }
  return text;
}

/**
 * The stored form of a scope: the account's ARM id and the suffix.
 *
 * @throws ScopeError for a container without its database, which would otherwise read as the whole account.
 */
export function formatDataScope(scope: DataScope, accountId: string): string {
  if (!isDataScope(scope)) {
    throw new ScopeError(`The scope of the container "${scope.container}" does not name its database.`);
  }
  if (scope.database === undefined) return accountId;
  const database = `${accountId}/dbs/${scope.database}`;
  return scope.container === undefined ? database : `${database}/colls/${scope.container}`;
}

/** Tells whether everything in `inner` is also in `outer`. Ids of databases and containers compare with case. */
export function contains(outer: DataScope, inner: DataScope): boolean {
  if (!isDataScope(outer) || !isDataScope(inner)) return false;
  if (outer.database === undefined) return true;
  if (outer.database !== inner.database) return false;
  return outer.container === undefined || outer.container === inner.container;
}

/** Tells whether a scope names the database of its container. */
export function isDataScope({ database, container }: DataScope): boolean {
  return database !== undefined || container === undefined;
}
