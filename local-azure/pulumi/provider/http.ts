import { setTimeout as delay } from "node:timers/promises";
import { rootMessageOf } from "../error-message.ts";
import type { Value } from "./values.ts";

export type Method = "GET" | "PUT" | "PATCH" | "POST" | "DELETE";

export interface HttpResponse {
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

/** Milliseconds. */
const graceForAnswers = 10_000;

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

/**
 * Sends one request and returns its answer, whatever its status is. Redirects are not followed.
 * @throws {Error} that names the request when the service cannot be reached
 */
export async function sendOnce(
  method: Method,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Value | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  signal.throwIfAborted();
  const patience = method === "GET" ? { signal, end: () => {} } : answerOfWrite(signal);
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      redirect: "manual",
      signal: patience.signal,
    }).catch((cause: unknown) => {
      if (signal.aborted) throw cause;
      throw new Error(`${method} ${url} failed: ${rootMessageOf(cause)}`);
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parseJson(text) };
  } finally {
    patience.end();
  }
}

/**
 * How long the answer to a write is waited for: somewhat longer than until `signal` aborts. A service acts on what
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
