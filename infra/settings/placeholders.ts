import type { Breach } from "./breach.ts";

/** What documentation writes where somebody's own value belongs, and what that is. */
const PLACEHOLDERS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/<[^>]*>|\{\{?[^}]*\}\}?|\$\(/, "stands for a value to be filled in"],
  [
    /(?:^|[./@])example\.(?:com|org|net|edu)\b|\.(?:example|invalid|test)\b/i,
    "lies in a domain that nobody owns (RFC 2606)",
  ],
  [/\b(?:contoso|fabrikam|adatum|northwind)\b/i, "is a name from Microsoft's documentation"],
  [
    /\b(?:your|my)[-_ ]?(?:org|organi[sz]ation|company|repo|repository|project|domain|tenant|account|app)/i,
    "names nobody",
  ],
  [/\b(?:todo|fixme|tbd|change[-_ ]?me|replace[-_ ]?me|placeholder|xxx+)\b/i, "is left to be written"],
  [/\b([\da-f])\1{7}-(?:\1{4}-){3}\1{12}\b/i, "is a GUID that nobody was given"],
  [/^0+$|:(?:0{12}|123456789012|111122223333):/, "is a number from documentation"],
];

/**
 * Finds a placeholder in what is to name an outside issuer or subject. Many of them can be registered by anybody, who
 * would then hold the grants.
 */
export function placeholderBreach(text: string): Breach | undefined {
  const found = PLACEHOLDERS.find(([pattern]) => pattern.test(text));
  if (found === undefined) return undefined;
  return {
    problem: `"${text}" is a placeholder: it ${found[1]}`,
    fix: "write the real value; only settings with keyless-cosmos:example: true may keep it",
  };
}
