import type { IncomingHttpHeaders } from "node:http";
import type { VerifiedToken } from "../../entra/tokens/verify.ts";
import type { AccountModel } from "./account-model.ts";
import type { BatchOperation } from "./batch.ts";
import type { ContainerModel, DatabaseModel } from "./container-model.ts";
import type { CosmosError } from "./errors.ts";
import type { Operation } from "./operations.ts";
import type { DataPlaneServices } from "./services.ts";

/** Who sent the request. */
export type Caller =
  | { readonly kind: "principal"; readonly token: VerifiedToken }
  | { readonly kind: "key"; readonly readOnly: boolean; readonly tokenType: string };

/** What a request names, decoded. */
export interface Target {
  readonly operation: Operation;
  readonly database?: string | undefined;
  readonly container?: string | undefined;
  /** Id of the item, the offer, or whatever else the last segment names. */
  readonly id?: string | undefined;
}

/** What goes back: headers are names and values in turn. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string | undefined;
}

/** One request on its way through the pipeline. */
export interface Exchange {
  readonly account: AccountModel;
  readonly services: DataPlaneServices;
  readonly method: string;
  /** The request target as it was sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `127.0.0.1` or `::1`. */
  readonly sourceAddress: string;
  readonly activityId: string;
  /** From `performance.now()`. */
  readonly startedAt: number;
  /** The decoded segments of the path; set by the stage parse. */
  segments: readonly string[];
  target: Target | undefined;
  caller: Caller | undefined;
  /** The assignment that allowed the request (the last of its actions), for the log; set by the stage authorize. */
  roleAssignmentId: string | undefined;
  /** Set by the stage validate, where the path names them. */
  database: DatabaseModel | undefined;
  container: ContainerModel | undefined;
  /** The operations of a batch, once they were read. */
  batch: readonly BatchOperation[] | undefined;
  answer: Answer | undefined;
  /** Bytes of the body that was sent back. */
  responseLength: number;
  refusal: CosmosError | undefined;
}

/** The first value of a header; node joins or lists repeated ones. */
export function header(exchange: Exchange, name: string): string | undefined {
  const value = exchange.headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** Whether a header says true, in any case. */
export function flag(exchange: Exchange, name: string): boolean {
  const value = exchange.headers[name];
  return (
    typeof value === "string" && (value === "true" || value === "True" || value.toLowerCase() === "true")
  );
}
