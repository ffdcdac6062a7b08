import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const current = new AsyncLocalStorage<string>();

const clientRequestId = /^[0-9A-Za-z-]{8,64}$/;
/** https://www.w3.org/TR/trace-context/#traceparent-header; an id of zeros only is no id. */
const traceparent = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The id that joins what is logged for one request: the caller's own where it is well formed, otherwise a new one. */
export function correlationIdOf(headers: IncomingHttpHeaders): string {
  const { "x-ms-client-request-id": own, traceparent: trace } = headers;
  if (typeof own === "string" && clientRequestId.test(own)) return own;
  const [, traceId] = traceparent.exec(typeof trace === "string" ? trace : "") ?? [];
  return traceId ?? randomUUID();
}

/** Runs `work` so that everything in it knows the id. */
export function withCorrelation<Result>(correlationId: string, work: () => Result): Result {
  return current.run(correlationId, work);
}

/** The id of the request that is being answered; a new one outside of any. */
export function currentCorrelationId(): string {
  return current.getStore() ?? randomUUID();
}
