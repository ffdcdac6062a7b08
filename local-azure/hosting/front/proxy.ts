import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { pipeline } from "node:stream/promises";
import { returnedHeaders } from "./headers.ts";

export interface ProxyOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Port on 127.0.0.1 of the site's process. */
  readonly port: number;
  readonly headers: IncomingHttpHeaders;
  /** How long the process may be silent, in milliseconds. */
  readonly timeoutMs: number;
}

/** The process gave no answer; nothing was sent to the client. */
export class BadGateway extends Error {}

/**
 * Hands the request to the site's process and its answer back, both as streams. Each request has its own connection: a kept one
 * may be closed by the process just when it is used again.
 *
 * @throws BadGateway when the process gave no answer.
 */
export async function proxy({ request, response, port, headers, timeoutMs }: ProxyOptions): Promise<void> {
  const upstream = httpRequest({
    host: "127.0.0.1",
    port,
    method: request.method,
    path: request.url,
    headers,
    agent: false,
    timeout: timeoutMs,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    upstream.once("response", resolve);
    upstream.on("error", (error) => reject(new BadGateway(error.message)));
    upstream.once("timeout", () => upstream.destroy(new Error("timeout")));
    upstream.once("close", () => reject(new BadGateway("closed")));
  });
  response.once("close", () => upstream.destroy());
  request.pipe(upstream);
  request.once("error", () => upstream.destroy());
  const answer = await answered;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, returnedHeaders(answer.rawHeaders));
  // An answer that breaks off half-way can only be broken off here too.
  await pipeline(answer, response).catch(() => response.destroy());
}
