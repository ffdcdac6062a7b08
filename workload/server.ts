import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { describeError, HttpError } from "./http-error.ts";
import { handleItems } from "./items.ts";
import { probe } from "./probe.ts";
import type { WorkloadSettings } from "./settings.ts";
import type { Store } from "./store.ts";

const maximumBodyBytes = 2 * 1024 * 1024;
const itemsRoute = /^\/items\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/;

/** The workload's HTTP service: `GET /health`, items of the declared containers, `POST /probe`. */
export function createWorkloadServer(settings: WorkloadSettings, store: Store, version: string): Server {
  return createServer((request, response) => {
    answer(request, settings, store, version)
      .catch(describeError)
      .then(({ status, body }) => send(response, status, body));
  });
}

async function answer(
  request: IncomingMessage,
  settings: WorkloadSettings,
  store: Store,
  version: string,
): Promise<{ status: number; body: unknown }> {
  const method = request.method ?? "GET";
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://workload");
  if (pathname === "/health") {
    if (method !== "GET") throw new HttpError(405, "MethodNotAllowed", `${method} is not allowed here.`);
    // Liveness alone: a health check that called Cosmos DB would take every instance out when a role is revoked.
    return { status: 200, body: { status: "healthy", version } };
  }
  if (pathname === "/probe") {
    if (method !== "POST") throw new HttpError(405, "MethodNotAllowed", `${method} is not allowed here.`);
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

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
