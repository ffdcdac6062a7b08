import type { Platform } from "../core/platform.ts";
import type { Directory } from "../entra/directory.ts";
import type { Caller } from "./access/caller.ts";
import type { Properties } from "./properties.ts";
import type { Replication } from "./replication.ts";

/** One call, after its caller was authorized. */
export interface GraphCall {
  readonly platform: Platform;
  readonly directory: Directory;
  readonly replication: Replication;
  readonly caller: Caller;
  /** `<origin>/graph/<version>`. */
  readonly base: string;
  readonly version: "v1.0" | "beta";
  readonly url: URL;
  /** What stands in place of `:name` in the route's path. `:id` is an object id, or `appId=<application id>`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the request has the header `ConsistencyLevel: eventual`. */
  readonly eventual: boolean;
  readonly body: Properties;
}

export interface GraphAnswer {
  readonly status: number;
  readonly body?: Properties;
  readonly headers?: Readonly<Record<string, string>>;
}

export type GraphOperation = (call: GraphCall) => GraphAnswer;
