import { type HttpResponse, type Method, retryAfter, type Sleep, sendOnce } from "../../provider/http.ts";
import { loopbackUrl } from "../../provider/loopback.ts";
import { isObject, type Value } from "../../provider/values.ts";
import { ArmError, armError } from "./arm-error.ts";

export interface ArmRequest {
  readonly method: Method;
  /** A path below the resource manager endpoint, or an absolute URL that resource manager gave. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Value;
}

const retries = 3;
const firstRetryDelay = 20_000;
const longestRetryDelay = 120_000;
const retriedStatuses = new Set([408, 429, 500, 502, 503, 504]);
const retriedConflicts = new Set([
  "AnotherOperationInProgress",
  "StorageAccountOperationInProgress",
  "ConflictingConcurrentWriteNotAllowed",
]);
const registrationAttempts = 3;
const registrationPoll = 15_000;
const registrationPolls = 20;

/** Sends requests to resource manager with the provider's token, and repeats those that may be repeated. */
export class ArmClient {
  readonly endpoint: string;
  readonly subscriptionId: string;
  readonly sleep: Sleep;
  readonly nowMs: () => number;
  readonly #token: () => Promise<string>;
  readonly #userAgent: string;

  constructor(options: {
    readonly endpoint: string;
    readonly subscriptionId: string;
    readonly token: () => Promise<string>;
    readonly userAgent: string;
    readonly sleep: Sleep;
    readonly nowMs: () => number;
  }) {
    this.endpoint = options.endpoint;
    this.subscriptionId = options.subscriptionId;
    this.sleep = options.sleep;
    this.nowMs = options.nowMs;
    this.#token = options.token;
    this.#userAgent = options.userAgent;
  }

  /** The absolute URL of a path of resource manager. */
  urlOf(path: string, query: Readonly<Record<string, string>> = {}): URL {
    const url = loopbackUrl(path.startsWith("/") ? `${this.endpoint}${path}` : path, "resource manager URL");
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /**
   * Sends a request and returns its answer, whatever its status is. Registers the resource provider when the
   * subscription is not registered for it.
   */
  async send(request: ArmRequest, signal: AbortSignal): Promise<HttpResponse> {
    for (let attempt = 0; ; attempt++) {
      const response = await this.#sendWithRetries(request, signal);
      const namespace = attempt < registrationAttempts ? missingRegistration(response) : undefined;
      if (namespace === undefined) return response;
      await this.#register(namespace, signal);
    }
  }

  /**
   * Sends a request that must succeed.
   * @throws {ArmError} for any status that is not among `accepted`
   */
  async call(request: ArmRequest, accepted: readonly number[], signal: AbortSignal): Promise<HttpResponse> {
    const response = await this.send(request, signal);
    if (accepted.includes(response.status)) return response;
    throw armError(response.status, response.headers.get("x-ms-error-code"), response.body, response.text);
  }

  async #sendWithRetries(request: ArmRequest, signal: AbortSignal): Promise<HttpResponse> {
    for (let attempt = 0; ; attempt++) {
      let wish: number | undefined;
      try {
        const response = await this.#sendOnce(request, signal);
        if (attempt === retries || !isRetried(response)) return response;
        wish = retryAfter(response.headers, this.nowMs());
      } catch (error) {
        if (attempt === retries || signal.aborted) throw error;
      }
      await this.sleep(wish ?? Math.min(firstRetryDelay * 2 ** attempt, longestRetryDelay), signal);
    }
  }

  async #sendOnce(request: ArmRequest, signal: AbortSignal): Promise<HttpResponse> {
    const url = this.urlOf(request.url, request.query);
    const headers: Record<string, string> = {
      accept: "application/json",
      authorization: `Bearer ${await this.#token()}`,
      "user-agent": this.#userAgent,
    };
    if (request.body !== undefined) headers["content-type"] = "application/json";
    return sendOnce(request.method, url, headers, request.body, signal);
  }

  async #register(namespace: string, signal: AbortSignal): Promise<void> {
    const path = `/subscriptions/${this.subscriptionId}/providers/${namespace}`;
    const query = { "api-version": "2021-04-01" };
    const answer = await this.#sendWithRetries({ method: "POST", url: `${path}/register`, query }, signal);
    if (answer.status >= 300) throw armError(answer.status, null, answer.body, answer.text);
    for (let poll = 0; poll < registrationPolls; poll++) {
      const state = await this.#sendWithRetries({ method: "GET", url: path, query }, signal);
      if (isObject(state.body) && state.body.registrationState === "Registered") return;
      await this.sleep(registrationPoll, signal);
    }
    throw new ArmError(undefined, undefined, `the resource provider ${namespace} did not become registered`);
  }
}

function errorOf(response: HttpResponse): { readonly [key: string]: Value } {
  return isObject(response.body) && isObject(response.body.error) ? response.body.error : {};
}

function isRetried(response: HttpResponse): boolean {
  if (response.status === 409) return retriedConflicts.has(String(errorOf(response).code));
  return retriedStatuses.has(response.status);
}

/** The namespace to register, when that is what the answer asks for. */
function missingRegistration(response: HttpResponse): string | undefined {
  const error = errorOf(response);
  if (response.status !== 409 || error.code !== "MissingSubscriptionRegistration") return undefined;
  const detail = Array.isArray(error.details) ? (error.details[0] as Value) : undefined;
  return isObject(detail) && typeof detail.target === "string" ? detail.target : undefined;
}
