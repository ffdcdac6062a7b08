import type { Platform } from "../core/platform.ts";

/**
 * What has reached the replica that answers. While the fault `directory-replication` is on, objects and credentials that
 * are younger than its delay are missing where Graph's clients know that they may be, and wait: never at the first read
 * after a create, which the Pulumi plugin takes for a lost object.
 */
export interface Replication {
  /** @param createdDateTime ISO 8601. */
  hasReached(createdDateTime: string): boolean;
}

export function openReplication({ clock, faults }: Pick<Platform, "clock" | "faults">): Replication {
  return {
    hasReached: (createdDateTime) =>
      clock.nowMs() - Date.parse(createdDateTime) >= faults.seconds("directory-replication") * 1000,
  };
}
