import type { Platform } from "../core/platform.ts";
import type { Directory, DirectoryObject } from "./directory.ts";

/**
 * Whether what was made at `createdDateTime` (ISO 8601) has reached the replicas of the directory that other services
 * read. It always has, but for the fault `directory-replication`.
 */
export function hasReplicated(
  createdDateTime: string,
  { clock, faults }: Pick<Platform, "clock" | "faults">,
): boolean {
  const delaySeconds = faults.seconds("directory-replication");
  return delaySeconds === 0 || Date.parse(createdDateTime) + delaySeconds * 1000 <= clock.nowMs();
}

/** The object, where it has reached the replica that another service reads. */
export function findReplicated(
  objectId: string,
  { directory, platform }: { readonly directory: Directory; readonly platform: Platform },
): DirectoryObject | undefined {
  const object = directory.find(objectId);
  return object !== undefined && hasReplicated(object.createdDateTime, platform) ? object : undefined;
}
