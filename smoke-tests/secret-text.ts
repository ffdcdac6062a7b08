/** Every text in a value, with its path. */
export function textsIn(value: unknown, path: string): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${path}.${key}`));
}

/** Entra's secrets are 40 characters of this alphabet and hold a tilde; Graph shows the first three of each. */
export function looksLikeSecret(value: string, hints: readonly string[]): boolean {
  if (!/^[\w.~-]{30,60}$/.test(value) || /^[0-9a-f-]{36}$/i.test(value)) return false;
  return value.includes("~") || hints.some((hint) => value.startsWith(hint));
}
