/** The life of one client secret, as days `YYYY-MM-DD` in UTC. */
export interface SecretPeriod {
  /** The first day on which it may be made. */
  readonly startsOn: string;
  /** The day at whose beginning it ends, 90 days later. */
  readonly endsOn: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A new secret is made every 45 days and ends after two such periods. */
const PERIOD_DAYS = 45;
const EPOCH_MS = Date.UTC(2026, 0, 1);

/**
 * The two secrets that exist on a day. Their days are fixed, so every deployment of a period declares the same two: one
 * in the next period makes the new secret, hands it out, and only then removes the one before. What was handed out in a
 * period works until the end of the next, so a deployment at least every 45 days leaves no gap. A later one finds the
 * handed-out secret ended, and mends that by making both anew.
 *
 * @param today `YYYY-MM-DD`.
 * @returns the current one, which is handed out, and the one before it, which clients may still hold.
 */
export function secretPeriods(today: string): {
  readonly previous: SecretPeriod;
  readonly current: SecretPeriod;
} {
  const index = Math.floor((Date.parse(today) - EPOCH_MS) / (PERIOD_DAYS * DAY_MS));
  return { previous: period(index - 1), current: period(index) };
}

function period(index: number): SecretPeriod {
  return { startsOn: dayOf(index * PERIOD_DAYS), endsOn: dayOf((index + 2) * PERIOD_DAYS) };
}

function dayOf(days: number): string {
  return new Date(EPOCH_MS + days * DAY_MS).toISOString().slice(0, "YYYY-MM-DD".length);
}
