import { setTimeout as delay } from "node:timers/promises";
import type { Platform } from "../core/platform.ts";
import { parseArmPath } from "./arm-id.ts";
import { isLocation, normalizeLocation } from "./locations.ts";
import { type ArmAnswer, type ArmCall, ArmError } from "./resource-provider.ts";

export type OperationStatus = "InProgress" | "Succeeded" | "Failed";

export interface Operation {
  readonly id: string;
  /** Object id of the principal that began it: the only one that may poll it, besides readers of the subscription. */
  readonly principalId: string;
  readonly status: OperationStatus;
  /** ISO 8601, UTC. */
  readonly startTime: string;
  readonly endTime?: string;
  readonly result?: unknown;
  readonly error?: { readonly status: number; readonly code: string; readonly message: string };
}

/** Long-running operations, kept in the store. */
export interface Operations {
  begin(call: ArmCall, work: () => Promise<unknown>, answer: ArmAnswer): ArmAnswer;
  completion(answer: ArmAnswer): Promise<void>;
  find(id: string): Operation | undefined;
  /**
   * The operation once it has ended, or as it stands after 10 seconds. Clients pause between polls for up to 30 seconds
   * whatever `Retry-After: 0` says (azcore and azure-core read 0 as "no advice"), so a poll waits for the end instead.
   */
  awaitEnd(id: string): Promise<Operation | undefined>;
}

const pollMilliseconds = 10_000;
const keepMilliseconds = 7 * 86_400_000;

const schema = `
CREATE TABLE IF NOT EXISTS arm_operations (
  id TEXT PRIMARY KEY,
  started_ms INTEGER NOT NULL,
  operation TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** Opens the operations of this cloud. Those that the last stop cut off are failed from here on. */
export function openOperations(platform: Platform): Operations {
  const { store, clock, ids, origin, subscriptionId } = platform;
  store.addSchema(schema);
  const { database } = store;
  const upsert = database.prepare(
    "INSERT INTO arm_operations (id, started_ms, operation) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET operation = excluded.operation",
  );
  const select = database.prepare("SELECT operation FROM arm_operations WHERE id = ?");
  const running = new Map<string, Promise<void>>();

  const find = (id: string): Operation | undefined => {
    const row = select.get(id.toLowerCase());
    return row === undefined ? undefined : (JSON.parse(String(row.operation)) as Operation);
  };
  const write = (operation: Operation) => {
    // A stop closes the store under operations that still run; the next start reports them as failed.
    if (database.isOpen) {
      upsert.run(operation.id, Date.parse(operation.startTime), JSON.stringify(operation));
    }
  };
  const end = (operation: Operation, outcome: Pick<Operation, "status" | "result" | "error">) =>
    write({ ...operation, ...outcome, endTime: clock.now().toISOString() });
  const fail = (operation: Operation, error: unknown) => {
    if (!(error instanceof ArmError)) console.error(`operation ${operation.id}:`, error);
    const refusal = error instanceof ArmError ? error : interrupted("An unexpected error occurred.");
    const { status, code, message } = refusal;
    end(operation, { status: "Failed", error: { status, code, message } });
  };

  database.prepare("DELETE FROM arm_operations WHERE started_ms < ?").run(clock.nowMs() - keepMilliseconds);
  for (const row of database.prepare("SELECT operation FROM arm_operations").all()) {
    const operation = JSON.parse(String(row.operation)) as Operation;
    if (operation.status !== "InProgress") continue;
    fail(
      operation,
      interrupted("The operation was cut off by a stop of the local cloud. Repeat the request."),
    );
  }

  return {
    find,
    begin(call, work, answer) {
      const operation: Operation = {
        id: ids.uuid(),
        principalId: call.principalId,
        status: "InProgress",
        startTime: clock.now().toISOString(),
      };
      write(operation);
      const run = async () => {
        try {
          const result = await work();
          end(operation, { status: "Succeeded", ...(result === undefined ? {} : { result }) });
        } catch (error) {
          fail(operation, error);
        } finally {
          running.delete(operation.id);
        }
      };
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(operation.id, promise);
      void run().then(resolve);
      const location = `${origin}/subscriptions/${subscriptionId}/providers/${parseArmPath(call.id).namespace ?? "Microsoft.Resources"}/locations/${locationOf(call)}`;
      const version = `?api-version=${call.apiVersion}`;
      return {
        ...answer,
        headers: {
          ...answer.headers,
          "Azure-AsyncOperation": `${location}/operationsStatus/${operation.id}${version}`,
          Location: `${location}/operationResults/${operation.id}${version}`,
          "Retry-After": "0",
        },
      };
    },
    async completion(answer) {
      const id = /operationsStatus\/([^?]+)/.exec(answer.headers?.["Azure-AsyncOperation"] ?? "")?.[1];
      if (id === undefined) return;
      await running.get(id);
      const error = find(id)?.error;
      if (error !== undefined) throw new ArmError(error.status, error.code, error.message);
    },
    async awaitEnd(id) {
      const ended = running.get(id.toLowerCase());
      if (ended !== undefined) {
        const patience = new AbortController();
        const timeout = delay(pollMilliseconds, undefined, { ref: false, signal: patience.signal });
        await Promise.race([ended, timeout.catch(() => {})]);
        patience.abort();
      }
      return find(id);
    },
  };
}

function interrupted(message: string): ArmError {
  return new ArmError(500, "InternalServerError", message);
}

function locationOf({ existing, body }: ArmCall): string {
  const asked = typeof body === "object" && body !== null && "location" in body ? body.location : undefined;
  const location = existing?.location ?? asked;
  return typeof location === "string" && isLocation(location) ? normalizeLocation(location) : "westeurope";
}
