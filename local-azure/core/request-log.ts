import { closeSync, openSync, writeSync } from "node:fs";

/** One answered request. Never holds a header, a body or a query value: those may carry secrets. */
export interface RequestLogEntry {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly surface: string;
  readonly method: string;
  /** The path without its query. */
  readonly path: string;
  /** The route of the surface's table that answered, for example `GET /subscriptions/:subscriptionId`. */
  readonly route: string;
  readonly status: number;
  readonly substatus?: number;
  /** The error code of the answer, when it was one. */
  readonly code?: string;
  readonly correlationId: string;
  /** Object id of the authenticated principal. */
  readonly principalId?: string;
  readonly userAgent?: string;
  readonly durationMs: number;
  /** Set by the data plane of Cosmos DB. */
  readonly dataPlane?: DataPlaneEntry;
}

/**
 * What Azure's log of data-plane requests says of one beside the rest of its entry
 * (https://learn.microsoft.com/azure/azure-monitor/reference/tables/cdbdataplanerequests).
 */
export interface DataPlaneEntry {
  /** Name of the account. */
  readonly account: string;
  readonly region: string;
  /** Absent where the path names none. */
  readonly database?: string;
  readonly container?: string;
  /** For example `Upsert`; absent where the request could not be read. */
  readonly operationName?: string;
  /** For example `Document`. */
  readonly resourceType?: string;
  readonly clientIpAddress: string;
  /** What the caller proved itself with, for example `AadToken`; absent where it did not. */
  readonly authTokenType?: string;
  /** GUID of the role assignment that allowed the request; absent for one that was refused, and for keys. */
  readonly roleAssignmentId?: string;
  /** Request units. */
  readonly requestCharge: number;
  /** Bytes of the bodies. */
  readonly requestLength: number;
  readonly responseLength: number;
}

export interface RequestLog {
  record(entry: RequestLogEntry): void;
  /** Writes what is buffered and closes the file. */
  close(): void;
}

const flushAfterMs = 100;

/**
 * A request log of one JSON object a line, appended to `path` (readable by its owner only).
 *
 * Entries of a tenth of a second are written together: one write a request would cost the data plane a third of the
 * request itself. A killed process loses at most that much of its log, and none of its data.
 */
export function fileRequestLog(path: string): RequestLog {
  const file = openSync(path, "a", 0o600);
  let buffer: RequestLogEntry[] = [];
  let scheduled: NodeJS.Timeout | undefined;
  let closed = false;
  const flush = () => {
    scheduled = undefined;
    if (buffer.length === 0) return;
    const lines = buffer.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    buffer = [];
    writeSync(file, lines);
  };
  return {
    record(entry) {
      if (closed) return;
      buffer.push(entry);
      scheduled ??= setTimeout(flush, flushAfterMs).unref();
    },
    close() {
      if (closed) return;
      closed = true;
      clearTimeout(scheduled);
      flush();
      closeSync(file);
    },
  };
}
