/**
 * A time of a token in ISO 8601, for people.
 *
 * @param seconds since the Unix epoch; a token may say any number, and beyond what a date can be it is shown as it stands.
 */
export function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}
