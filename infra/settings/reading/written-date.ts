/**
 * What an unquoted YAML date becomes on its way through Pulumi: a timestamp printed as Go prints it (seen with 3.250).
 */
const WRITTEN_DATE = /^(\d{4})-(\d{2})-(\d{2})(?: 00:00:00 \+0000 UTC)?$/;

/**
 * Reads a date of the settings.
 *
 * @param text `YYYY-MM-DD`, or the same date as Pulumi prints an unquoted YAML date.
 * @returns the date as `YYYY-MM-DD`, or undefined when it is not a real date.
 */
export function parseWrittenDate(text: string): string | undefined {
  const [, year, month, day] = WRITTEN_DATE.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const written = `${year}-${month}-${day}`;
  return Number.isFinite(date.getTime()) && date.toISOString().startsWith(written) ? written : undefined;
}
