/**
 * A value as one line of JSON in printable ASCII. The logs hold what callers wrote before they were known: nothing of it may
 * steer the terminal of who reads them, and `JSON.stringify` escapes neither DEL nor the control characters behind it.
 */
export function printableJson(value: unknown): string {
  return printableLine(JSON.stringify(value));
}

/** The same for a line that is JSON already: beyond ASCII it has strings alone. */
export function printableLine(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
