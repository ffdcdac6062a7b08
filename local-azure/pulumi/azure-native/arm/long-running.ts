import { type HttpResponse, retryAfter } from "../../provider/http.ts";
import { isObject, type Value } from "../../provider/values.ts";
import { ArmError, armError, operationError } from "./arm-error.ts";
import type { ArmClient, ArmRequest } from "./client.ts";

const pollInterval = { PUT: 10_000, PATCH: 10_000, DELETE: 30_000 } as const;

/** How the progress of an operation is learnt: one strategy per kind of header. */
type Poll =
  | { readonly kind: "operation"; readonly url: string }
  | { readonly kind: "location"; readonly url: string }
  | { readonly kind: "body"; readonly url: string };

interface Progress {
  readonly done: boolean;
  readonly response: HttpResponse;
}

function provisioningState(body: Value | undefined): string | undefined {
  if (!isObject(body) || !isObject(body.properties)) return undefined;
  const state = body.properties.provisioningState;
  return typeof state === "string" ? state.toLowerCase() : undefined;
}

function choosePoll(
  request: ArmRequest,
  first: HttpResponse,
  client: ArmClient,
  apiVersion: string,
): Poll | undefined {
  const operation = first.headers.get("azure-asyncoperation") ?? first.headers.get("operation-location");
  if (operation !== null) return { kind: "operation", url: operation };
  const location = first.headers.get("location");
  const requestUrl = client.urlOf(request.url, request.query);
  if (location !== null && (first.status === 202 || request.method !== "DELETE")) {
    if (request.method === "DELETE") return { kind: "location", url: location };
    const absolute = new URL(location, requestUrl);
    if (!absolute.searchParams.has("api-version")) absolute.searchParams.set("api-version", apiVersion);
    return { kind: "location", url: absolute.href };
  }
  if (request.method === "DELETE") {
    if (first.status === 202)
      throw new ArmError(undefined, undefined, "the answer to DELETE was 202 without a polling header");
    return undefined;
  }
  return { kind: "body", url: requestUrl.href };
}

/** Whether the first answer of a body-polled operation already is the last one. */
function bodyIsDone(response: HttpResponse): boolean {
  const state = provisioningState(response.body);
  if (state === undefined) return response.status !== 201;
  return isTerminal(state, response);
}

function isTerminal(state: string, response: HttpResponse): boolean {
  if (state === "succeeded") return true;
  if (state === "failed" || state === "canceled" || state === "cancelled") {
    throw operationError(response.status, state === "failed" ? "Failed" : "Canceled", response.body ?? null);
  }
  return false;
}

async function pollOnce(client: ArmClient, poll: Poll, signal: AbortSignal): Promise<Progress> {
  const response = await client.send({ method: "GET", url: poll.url }, signal);
  if (response.status >= 300) {
    throw armError(response.status, response.headers.get("x-ms-error-code"), response.body, response.text);
  }
  switch (poll.kind) {
    case "operation": {
      const status = isObject(response.body) ? response.body.status : undefined;
      if (typeof status !== "string") {
        throw new ArmError(undefined, undefined, `the operation at ${poll.url} answered without a status`);
      }
      return { done: isTerminal(status.toLowerCase(), response), response };
    }
    case "location":
      return { done: response.status !== 202, response };
    case "body": {
      const state = provisioningState(response.body);
      return { done: state === undefined || isTerminal(state, response), response };
    }
  }
}

/**
 * Waits until an operation that a PUT, PATCH or DELETE started has ended.
 * @param first the answer to the request; its status is 200, 201, 202 or 204
 * @returns the answer that holds the result: for PUT and PATCH the resource
 * @throws {ArmError} when the operation failed or was canceled
 */
export async function awaitOperation(
  client: ArmClient,
  request: ArmRequest & { readonly method: "PUT" | "PATCH" | "DELETE" },
  first: HttpResponse,
  apiVersion: string,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const poll = choosePoll(request, first, client, apiVersion);
  if (poll === undefined || (poll.kind === "body" && bodyIsDone(first))) return first;

  const firstWait = retryAfter(first.headers, client.nowMs());
  if (firstWait !== undefined) await client.sleep(firstWait, signal);
  let progress = await pollOnce(client, poll, signal);
  while (!progress.done) {
    const wait = retryAfter(progress.response.headers, client.nowMs()) ?? pollInterval[request.method];
    await client.sleep(wait, signal);
    progress = await pollOnce(client, poll, signal);
  }
  if (poll.kind === "operation" && request.method !== "DELETE") {
    return client.call(
      { method: "GET", url: client.urlOf(request.url, request.query).href },
      [200, 201, 202],
      signal,
    );
  }
  return progress.response;
}
