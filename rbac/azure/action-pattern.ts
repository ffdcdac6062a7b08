/** Tells whether an action such as `Microsoft.Web/sites/read` is matched by a pattern; case is ignored. */
export function actionMatches(pattern: string, action: string): boolean {
  return compiled(pattern).test(action);
}

const patterns = new Map<string, RegExp>();
const rememberedPatterns = 10_000;

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const literal = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const made = new RegExp(`^${literal.join(".*")}$`, "i");
  if (patterns.size >= rememberedPatterns) patterns.clear();
  patterns.set(pattern, made);
  return made;
}
