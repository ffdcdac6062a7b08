/** Tells whether the ARM id `inner` is `outer` or lies below it; ids compare without case, `/` holds everything. */
export function scopeContains(outer: string, inner: string): boolean {
  const above = trimmed(outer);
  const below = trimmed(inner);
  return above === "" || below === above || below.startsWith(`${above}/`);
}

function trimmed(id: string): string {
  return id.replace(/\/+$/, "").toLowerCase();
}
