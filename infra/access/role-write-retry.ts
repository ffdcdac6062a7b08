import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 30_000;
const MAX_ATTEMPTS = 15;

/** A new identity reaches the directory that Cosmos DB asks only after a while. */
const PRINCIPAL_UNKNOWN =
  /PrincipalNotFound|principal\b[^.]*\b(?:not found|could not be found|does not exist)/is;
/** Role writes on one account exclude each other, also those of other stacks and tools. */
const ROLE_WRITE_LOCKED = /Status=412|PreconditionFailed|exclusive lock/i;

/**
 * Decides whether a failed write of a role definition or assignment is worth another try.
 *
 * @param errors what the attempts so far gave, newest first.
 * @returns milliseconds to wait before the next attempt, or undefined when it would fail in the same way, or has
 * failed for about five minutes.
 */
export function roleWriteRetryDelay(errors: readonly string[]): number | undefined {
  const [latest = ""] = errors;
  if (!PRINCIPAL_UNKNOWN.test(latest) && !ROLE_WRITE_LOCKED.test(latest)) return undefined;
  if (errors.length >= MAX_ATTEMPTS) return undefined;
  return Math.min(FIRST_DELAY_MS * 2 ** (errors.length - 1), LONGEST_DELAY_MS);
}

/**
 * Retries writes of role definitions and assignments through the engine.
 *
 * @param name unique in the program.
 */
export function roleWriteRetry(name: string): pulumi.ErrorHook {
  return new pulumi.ErrorHook(name, async ({ errors }) => {
    const delay = roleWriteRetryDelay(errors);
    if (delay === undefined) return false;
    await sleep(delay);
    return true;
  });
}
