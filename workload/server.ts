import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type CallerGate, CallerRefusal } from "./callers/caller-gate.ts";
import type { FailureLog } from "./failures/access-failure.ts";
import { correlationIdOf, withCorrelation } from "./failures/correlation.ts";
import { type Answer, describeError, HttpError } from "./http-error.ts";
import { handleItems } from "./items.ts";
import { probe } from "./probe.ts";
import type { WorkloadSettings } from "./settings.ts";
import type { Store } from "./store.ts";

const maximumBodyBytes = 2 * 1024 * 1024;
/** Room for the largest token and the rest of a request's headers. */
const maximumHeaderBytes = 32 * 1024;
/** What App Service asks for at a start and while Always On is set: any answer will do, and nothing is there. */
const platformProbes = new Set(["/robots933456.txt", "/"]);
const itemsRoute = /^\/items\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/;

/** What the service is made of. */
export interface WorkloadParts {
  readonly settings: WorkloadSettings;
  readonly store: Store;
  readonly gate: CallerGate;
  readonly log: FailureLog;
  /** What `/health` reports. */
  readonly version: string;
}

/**
 * The workload's HTTP service: `GET /health` for everybody; items of the declared containers and `POST /probe` for listed
 * callers. `x-ms-client-request-id` of an answer is the correlation id of what was logged for it.
 */
export function createWorkloadServer(parts: WorkloadParts): Server {
  return createServer({ maxHeaderSize: maximumHeaderBytes }, (request, response) => {
    const correlationId = correlationIdOf(request.headers);
    withCorrelation(correlationId, () => answer(request, parts))
      .catch(describeError)
      .then((given) => send(response, given, correlationId));
  });
}

async function answer(request: IncomingMessage, parts: WorkloadParts): Promise<Answer> {
  const { settings, store, version } = parts;
  const method = request.method ?? "GET";
  const url = URL.parse(request.url ?? "/", "http://workload");
  if (url?.pathname === "/health") {
    if (method !== "GET") throw methodNotAllowed(method);
    // Liveness alone: a health check that called Cosmos DB would take every instance out when a role is revoked.
    return { status: 200, body: { status: "healthy", version } };
  }
  await admitCaller(request, parts);
  if (url === null) throw new HttpError(400, "BadPath", "The request's target is not a URL.");
  const { pathname, searchParams } = url;
  if (pathname === "/probe") {
    if (method !== "POST") throw methodNotAllowed(method);
    return { status: 200, body: await probe(store, settings, readWithheld(await readJson(request, {}))) };
  }
  const [, database, container, id] = itemsRoute.exec(pathname) ?? [];
  if (database === undefined || container === undefined) {
    throw new HttpError(
      404,
      "NotFound",
      `There is no ${pathname}. Try /health, /probe or /items/<database>/<container>.`,
    );
  }
  return handleItems(store, settings, {
    method,
    database: decode(database),
    container: decode(container),
    id: id === undefined ? undefined : decode(id),
    partitionKey: searchParams.get("pk"),
    body: method === "POST" || method === "PUT" ? await readJson(request) : undefined,
  });
}

/** @throws CallerRefusal, which it logs; the query is left out, because callers put tokens there. */
async function admitCaller(request: IncomingMessage, { gate, log }: WorkloadParts): Promise<void> {
  try {
    await gate.admit(request);
  } catch (error) {
    const [resource = "/"] = (request.url ?? "/").split("?", 1);
    const byPlatform = error instanceof HttpError && error.code === "NoToken" && platformProbes.has(resource);
    if (error instanceof CallerRefusal && !byPlatform) {
      log({
        principal: error.principal ?? null,
        action: request.method ?? "GET",
        resource,
        code: error.code,
        substatus: null,
        cause: error.message,
      });
    }
    throw error;
  }
}

function methodNotAllowed(method: string): HttpError {
  return new HttpError(405, "MethodNotAllowed", `${method} is not allowed here.`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, "BadPath", `"${segment}" is not percent-encoded UTF-8.`);
  }
}

function readWithheld(body: unknown): ReadonlySet<string> {
  const { withheld = [] } = (body ?? {}) as { withheld?: unknown };
  if (Array.isArray(withheld) && withheld.every((entry) => typeof entry === "string"))
    return new Set(withheld);
  throw new HttpError(400, "BadProbe", 'withheld must be a list such as ["<database>/<container>:create"].');
}

/** @param otherwise what an empty body stands for; without it an empty body is refused. */
async function readJson(request: IncomingMessage, otherwise?: unknown): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maximumBodyBytes) throw new HttpError(413, "TooLarge", "A body holds 2 MB at most.");
    chunks.push(chunk as Buffer);
  }
  if (size === 0 && otherwise !== undefined) return otherwise;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new HttpError(400, "BadJson", "The body is not JSON.");
  }
}

function send(response: ServerResponse, { status, body, headers }: Answer, correlationId: string): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-ms-client-request-id": correlationId,
    ...headers,
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
