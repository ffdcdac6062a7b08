import { StorageError } from "./errors.ts";
import type { ItemRow, ItemTexts } from "./item-text.ts";

/** Conditions on the version that is there, as entity tags with or without quotes; `*` is any version. */
export interface Preconditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** @throws StorageError precondition when `ifMatch` is given and names another version. */
export function checkIfMatch(texts: ItemTexts, item: ItemRow, ifMatch: string | undefined): void {
  if (ifMatch === undefined || matches(texts, item, ifMatch)) return;
  throw new StorageError("precondition", "One of the specified pre-condition is not met.");
}

/** @throws StorageError notModified when `ifNoneMatch` names this version, precondition when `ifMatch` does not. */
export function checkRead(texts: ItemTexts, item: ItemRow, conditions: Preconditions): void {
  if (conditions.ifNoneMatch !== undefined && matches(texts, item, conditions.ifNoneMatch)) {
    throw new StorageError("notModified", "The entity has not changed.");
  }
  checkIfMatch(texts, item, conditions.ifMatch);
}

function matches(texts: ItemTexts, item: ItemRow, tag: string): boolean {
  if (tag === "*") return true;
  const etag = texts.etag(item.lsn, item.ts);
  return tag === etag || tag === `"${etag}"`;
}
