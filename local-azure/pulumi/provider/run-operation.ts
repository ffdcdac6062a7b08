import { PartialFailure } from "./partial-failure.ts";

/**
 * Runs an operation with a time limit.
 * @param seconds the limit
 * @param cancelled aborted when the engine cancels
 * @param isRefusal whether an error is a service's refusal, which says more than why the wait ended
 * @throws {Error} "operation timed out" or the reason of the cancellation when that ended the operation
 */
export async function runOperation<T>(
  seconds: number,
  cancelled: AbortSignal,
  isRefusal: (error: unknown) => boolean,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error("operation timed out")), seconds * 1000);
  const signal = AbortSignal.any([cancelled, limit.signal]);
  try {
    return await work(signal);
  } catch (error) {
    const keeps = error instanceof PartialFailure || isRefusal(error);
    throw signal.aborted && !keeps ? signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}
