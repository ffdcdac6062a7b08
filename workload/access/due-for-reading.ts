/** When a secret was read, and when it ends; milliseconds since the Unix epoch. */
export interface ReadSecret {
  readonly readAt: number;
  /** Undefined when nothing says so. */
  readonly endsAt: number | undefined;
}

const endingMs = 24 * 60 * 60_000;
const pauseMs = 5 * 60_000;

/** A secret is looked up again on its last day, every five minutes at most: the next one may be there by then. */
export function isDueForReading({ readAt, endsAt }: ReadSecret, now: number): boolean {
  return endsAt !== undefined && endsAt - endingMs <= now && now - readAt >= pauseMs;
}
