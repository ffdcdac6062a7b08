import { type HttpResponse, type Method, retryAfter, type Sleep, sendOnce } from "../../provider/http.ts";
import { loopbackUrl } from "../../provider/loopback.ts";
import { isArray, isObject, type Value, type Values } from "../../provider/values.ts";
import { graphError } from "./graph-error.ts";

export interface GraphRequest {
  readonly method: Method;
  /** Below the version, for example `/applications`. */
  readonly path: string;
  /** Groups are read and written in `beta`; `v1.0` is the default. */
  readonly version?: "v1.0" | "beta";
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Value;
  /** Refusals that pass when the directory has caught up, beside those that every request is repeated for. */
  readonly retryWhen?: (response: HttpResponse) => boolean;
}

/** Statuses that every request is repeated for, whatever it does. */
const retriedStatuses = new Set([408, 424, 429]);
/** Seconds. */
const longestGap = 61;
const mostRetries = 16;

function isRetried(status: number): boolean {
  return retriedStatuses.has(status) || (status >= 500 && status !== 501);
}

/** Sends requests to Microsoft Graph with the provider's token, for one operation. */
export class GraphClient {
  readonly base: string;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
  readonly #options: GraphOptions;

  /** @param signal ends every request and every wait of the operation */
  constructor(options: GraphOptions, signal: AbortSignal) {
    this.base = options.base;
    this.sleep = options.sleep;
    this.signal = signal;
    this.#options = options;
  }

  /** Sends a request and returns its answer, whatever its status is. */
  async send(request: GraphRequest): Promise<HttpResponse> {
    for (let attempt = 0; ; attempt++) {
      const response = await this.#sendOnce(request);
      const repeats = isRetried(response.status) || request.retryWhen?.(response) === true;
      if (!repeats || attempt === mostRetries) return response;
      const wish = retryAfter(response.headers, this.#options.nowMs());
      await this.sleep(wish ?? Math.min(2 ** attempt, longestGap) * 1000, this.signal);
    }
  }

  /**
   * Sends a request that must succeed.
   * @param summary what is tried, for the error
   * @returns the body, empty where there is none
   * @throws {GraphError}
   */
  async call(summary: string, request: GraphRequest): Promise<Values> {
    const response = await this.send(request);
    if (response.status >= 300) throw graphError(summary, response);
    return isObject(response.body) ? response.body : {};
  }

  /**
   * Reads an object.
   * @returns `undefined` when there is none
   * @throws {GraphError} for any other refusal
   */
  async find(summary: string, request: Omit<GraphRequest, "method">): Promise<Values | undefined> {
    const response = await this.send({ ...request, method: "GET" });
    if (response.status === 404) return undefined;
    if (response.status >= 300) throw graphError(summary, response);
    return isObject(response.body) ? response.body : {};
  }

  /**
   * Reads every page of a list.
   * @throws {GraphError}
   */
  async list(summary: string, request: Omit<GraphRequest, "method">): Promise<readonly Values[]> {
    const found: Values[] = [];
    let next: GraphRequest | undefined = { ...request, method: "GET" };
    while (next !== undefined) {
      const page: Values = await this.call(summary, next);
      if (isArray(page.value)) found.push(...page.value.filter((entry) => isObject(entry)));
      const link: Value | undefined = page["@odata.nextLink"];
      next = typeof link === "string" ? { method: "GET", path: link } : undefined;
    }
    return found;
  }

  /** The URL by which a reference names a directory object. */
  reference(objectId: string, version = "v1.0"): string {
    return `${this.base}/${version}/directoryObjects/${objectId}`;
  }

  async #sendOnce({ method, path, version = "v1.0", query = {}, body }: GraphRequest): Promise<HttpResponse> {
    const url = loopbackUrl(
      path.startsWith("/") ? `${this.base}/${version}${path}` : path,
      "Microsoft Graph URL",
    );
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = {
      accept: "application/json; charset=utf-8; IEEE754Compatible=false",
      "content-type": "application/json; charset=utf-8",
      "odata-version": "4.0",
      "odata-maxversion": "4.0",
      authorization: `Bearer ${await this.#options.token()}`,
      "user-agent": this.#options.userAgent,
    };
    return sendOnce(method, url, headers, body, this.signal);
  }
}

export interface GraphOptions {
  /** The Microsoft Graph endpoint without a slash at its end. */
  readonly base: string;
  readonly token: () => Promise<string>;
  readonly userAgent: string;
  readonly sleep: Sleep;
  readonly nowMs: () => number;
}

/** A text as a literal of `$filter`. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
