/**
 * Tells whether the ARM id `inner` is `outer` or lies below it, segment by segment and without regard to case.
 *
 * `/` is the tenant's root and holds everything; nothing but itself holds it. Text without a leading slash, the empty
 * text too, is no id: it holds nothing and lies in nothing. Subscriptions are not looked up in management groups, whose
 * ids are no prefix of theirs (https://learn.microsoft.com/azure/role-based-access-control/scope-overview).
 */
export function scopeContains(outer: string, inner: string): boolean {
  if (!outer.startsWith("/") || !inner.startsWith("/")) return false;
  const above = trimmed(outer);
  const below = trimmed(inner);
  return above === "" || below === above || below.startsWith(`${above}/`);
}

function trimmed(id: string): string {
  return id.replace(/\/+$/, "").toLowerCase();
}
