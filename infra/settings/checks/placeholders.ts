import type { Breach } from "../faults/breach.ts";

/** Matches where the pattern makes up a whole part of a path, a host, a subject or an ARN, not a piece of a name. */
const wholePart = (pattern: string) => new RegExp(`(?<![^/:.@])(?:${pattern})(?![^/:.@])`, "i");

const THING =
  "org|organi[sz]ation|company|repo|repository|project|domain|tenant|account|app|application|client|subject|issuer|role|environment";

/** What documentation writes where somebody's own value belongs, and what that is. */
const PLACEHOLDERS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/<[^>]*>|\{\{?[^}]*\}\}?|\$\(/, "stands for a value to be filled in"],
  [/\b(?:contoso|fabrikam|adatum|northwind)\b/i, "is a name from Microsoft's documentation"],
  [wholePart(`your[-_ ]?(?:${THING})(?:[-_ ]?(?:name|id))?`), "names nobody"],
  // Of the names with "my", only those that no real thing has: applications are called my-app.
  [wholePart("my[-_ ]?(?:org|organi[sz]ation|company|repo|repository)"), "names nobody"],
  // In capitals alone: there are repositories called todo.
  [/\b(?:TODO|FIXME|TBD)\b|\bx{3,}\b/, "is left to be written"],
  [wholePart("change[-_ ]?me|replace[-_ ]?me|placeholder"), "is left to be written"],
  [/\b([\da-f])\1{7}-(?:\1{4}-){3}\1{12}\b/i, "is a GUID that nobody was given"],
  [/^(?:0oa|aus)?0+$|:(?:0{12}|123456789012|111122223333):/, "is a number from documentation"],
];

/** The host of a URL or of a mail address. */
const HOST = /:\/\/(?:[^/?#@]*@)?([^/?#:]*)|@([^/?#:@]+)$/;
/** At the end of the host alone: what stands before it is the owner's to name. */
const NOBODYS_HOST = /(?:^|\.)example\.(?:com|org|net|edu)\.?$|\.(?:example|invalid|test)\.?$/i;

/**
 * Finds a placeholder in what is to name an outside issuer or subject. Many of them can be registered by anybody, who
 * would then hold the grants. `isHost`: the text is a host by itself, without a scheme.
 */
export function placeholderBreach(text: string, isHost: boolean): Breach | undefined {
  const what = PLACEHOLDERS.find(([pattern]) => pattern.test(text))?.[1] ?? hostBreach(text, isHost);
  if (what === undefined) return undefined;
  return {
    problem: `"${text}" is a placeholder: it ${what}`,
    fix: "write the real value; only settings with keyless-cosmos:example: true may keep it",
  };
}

function hostBreach(text: string, isHost: boolean): string | undefined {
  const [, ofUrl, ofMail] = HOST.exec(text) ?? [];
  const host = isHost ? text : (ofUrl ?? ofMail ?? "");
  return NOBODYS_HOST.test(host) ? "lies in a domain that nobody owns (RFC 2606)" : undefined;
}
