const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Whether no object in the JSON `text` names a member twice. `JSON.parse` keeps the last of two and other parsers the
 * first, so one assertion could say two things; spellings with escapes count as the name they mean.
 *
 * @param text valid JSON.
 */
export function hasUniqueMembers(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  const tokens = text.match(token) ?? [];
  for (const [index, part] of tokens.entries()) {
    if (part === "{") open.push(new Set());
    else if (part === "[") open.push(undefined);
    else if (part === "}" || part === "]") open.pop();
    else if (part.startsWith('"') && tokens[index + 1] === ":") {
      const names = open.at(-1);
      const name = String(JSON.parse(part));
      if (names?.has(name)) return false;
      names?.add(name);
    }
  }
  return true;
}
