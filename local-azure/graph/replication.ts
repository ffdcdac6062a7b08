import type { Platform } from "../core/platform.ts";
import { hasReplicated } from "../entra/replication.ts";

/**
 * What has reached the replica that answers. While the fault `directory-replication` is on, objects and credentials that
 * are younger than its delay are missing where Graph's clients know that they may be, and wait: never at the first read
 * after a create, which the Pulumi plugin takes for a lost object.
 */
export interface Replication {
  /** @param createdDateTime ISO 8601. */
  hasReached(createdDateTime: string): boolean;
}

export function openReplication(platform: Pick<Platform, "clock" | "faults">): Replication {
  return { hasReached: (createdDateTime) => hasReplicated(createdDateTime, platform) };
}
