import type { Platform } from "../core/platform.ts";
import type { Directory } from "../entra/directory.ts";
import type { Properties } from "./properties.ts";

/** One call, after its caller was authorized. */
export interface GraphCall {
  readonly platform: Platform;
  readonly directory: Directory;
  /** `<origin>/graph/<version>`. */
  readonly base: string;
  readonly url: URL;
  /** What stands in place of `:id` in the path: an object id, or `appId=<application id>`. */
  readonly id: string;
  readonly body: Properties;
}

export interface GraphAnswer {
  readonly status: number;
  readonly body?: Properties;
  readonly headers?: Readonly<Record<string, string>>;
}

export type GraphOperation = (call: GraphCall) => GraphAnswer;
