import { setTimeout as delay } from "node:timers/promises";
import { rootMessageOf } from "../../error-message.ts";
import { loopbackUrl } from "../loopback.ts";
import { isObject, type Value } from "../values.ts";
import { ArmError, armError } from "./arm-error.ts";

export type Method = "GET" | "PUT" | "PATCH" | "POST" | "DELETE";

export interface ArmRequest {
  readonly method: Method;
  /** A path below the resource manager endpoint, or an absolute URL that resource manager gave. */
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Value;
}

export interface ArmResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `undefined` when the body is empty or not JSON. */
  readonly body: Value | undefined;
}

/** Waits; a test can replace it. Milliseconds. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (milliseconds, signal) => {
  await delay(milliseconds, undefined, { signal });
};

const retries = 3;
const firstRetryDelay = 20_000;
const longestRetryDelay = 120_000;
const retriedStatuses = new Set([408, 429, 500, 502, 503, 504]);
const retriedConflicts = new Set([
  "AnotherOperationInProgress",
  "StorageAccountOperationInProgress",
  "ConflictingConcurrentWriteNotAllowed",
]);
/** Milliseconds. */
const graceForAnswers = 10_000;
const registrationAttempts = 3;
const registrationPoll = 15_000;
const registrationPolls = 20;

/** Milliseconds that an answer asks to wait, or `undefined`. Zero counts as no wish, as in the Go SDK. */
export function retryAfter(headers: Headers, nowMs: number): number | undefined {
  for (const [name, unit] of [
    ["retry-after-ms", 1],
    ["x-ms-retry-after-ms", 1],
    ["retry-after", 1000],
  ] as const) {
    const value = headers.get(name);
    if (value === null) continue;
    const count = Number.parseInt(value, 10);
    if (/^\d+$/.test(value) && count > 0) return count * unit;
    const date = name === "retry-after" ? Date.parse(value) : Number.NaN;
    if (!/^\d+$/.test(value) && date > nowMs) return date - nowMs;
  }
  return undefined;
}

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
  async send(request: ArmRequest, signal: AbortSignal): Promise<ArmResponse> {
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
  async call(request: ArmRequest, accepted: readonly number[], signal: AbortSignal): Promise<ArmResponse> {
    const response = await this.send(request, signal);
    if (accepted.includes(response.status)) return response;
    throw armError(response.status, response.headers.get("x-ms-error-code"), response.body, response.text);
  }

  async #sendWithRetries(request: ArmRequest, signal: AbortSignal): Promise<ArmResponse> {
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

  async #sendOnce(request: ArmRequest, signal: AbortSignal): Promise<ArmResponse> {
    const url = this.urlOf(request.url, request.query);
    const headers: Record<string, string> = {
      accept: "application/json",
      authorization: `Bearer ${await this.#token()}`,
      "user-agent": this.#userAgent,
    };
    if (request.body !== undefined) headers["content-type"] = "application/json";
    signal.throwIfAborted();
    const patience = request.method === "GET" ? { signal, end: () => {} } : answerOfWrite(signal);
    try {
      const response = await fetch(url, {
        method: request.method,
        headers,
        body: request.body === undefined ? null : JSON.stringify(request.body),
        redirect: "manual",
        signal: patience.signal,
      }).catch((cause: unknown) => {
        if (signal.aborted) throw cause;
        throw new Error(`${request.method} ${url} failed: ${rootMessageOf(cause)}`);
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: parseJson(text) };
    } finally {
      patience.end();
    }
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

/**
 * How long the answer to a write is waited for: somewhat longer than until `signal` aborts. Resource manager acts on what
 * was sent whether or not somebody listens, so a create whose answer is dropped is a resource that no state knows of.
 */
function answerOfWrite(signal: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => own.abort(signal.reason), graceForAnswers);
  };
  signal.addEventListener("abort", begin, { once: true });
  return {
    signal: own.signal,
    end() {
      signal.removeEventListener("abort", begin);
      clearTimeout(timer);
    },
  };
}

function parseJson(text: string): Value | undefined {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

function errorOf(response: ArmResponse): { readonly [key: string]: Value } {
  return isObject(response.body) && isObject(response.body.error) ? response.body.error : {};
}

function isRetried(response: ArmResponse): boolean {
  if (response.status === 409) return retriedConflicts.has(String(errorOf(response).code));
  return retriedStatuses.has(response.status);
}

/** The namespace to register, when that is what the answer asks for. */
function missingRegistration(response: ArmResponse): string | undefined {
  const error = errorOf(response);
  if (response.status !== 409 || error.code !== "MissingSubscriptionRegistration") return undefined;
  const detail = Array.isArray(error.details) ? (error.details[0] as Value) : undefined;
  return isObject(detail) && typeof detail.target === "string" ? detail.target : undefined;
}
