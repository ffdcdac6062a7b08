/**
 * Tells whether an action such as `Microsoft.Web/sites/read` is matched by a pattern in which `*` stands for any run of
 * characters, slashes included; case is ignored.
 *
 * Each part between wildcards is taken at its first place, which is enough for a match and keeps the work linear in the
 * action's length whatever the pattern is.
 */
export function actionMatches(pattern: string, action: string): boolean {
  const text = action.toLowerCase();
  const parts = pattern.toLowerCase().split("*");
  const first = parts[0] ?? "";
  if (parts.length === 1) return text === first;
  const last = parts.at(-1) ?? "";
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let place = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, place);
    if (found === -1) return false;
    place = found + part.length;
  }
  return place <= end;
}
