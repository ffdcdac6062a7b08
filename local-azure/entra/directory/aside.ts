const prefix = "deleted/";

/** The name under which the credentials and relations of a deleted object are kept, out of every look-up's sight. */
export function aside(objectId: string): string {
  return `${prefix}${objectId}`;
}

/** An SQL condition: the object that the column names is not deleted. */
export function isPresent(column: string): string {
  return `${column} NOT LIKE '${prefix}%'`;
}
