import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { unmapped } from "../access/restrictions.ts";
import type { Site } from "../site.ts";

/** RFC 9110, 7.6.1: headers of one connection, which a proxy keeps to itself. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "http2-settings",
]);

/** What App Service Authentication says of the signed-in user: callers must not be able to say it themselves. */
const identityHeader = /^x-ms-(client-principal|token-)/;

/**
 * The headers with which a request goes on to the site's process.
 * Reference: https://learn.microsoft.com/azure/app-service/configure-language-nodejs#detect-https-session
 */
export function forwardedHeaders(
  request: IncomingMessage,
  site: Site,
  requestId: string,
): IncomingHttpHeaders {
  const { headers } = request;
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  const kept = Object.entries(headers).filter(
    ([name]) => !hopByHop.has(name) && !named.includes(name) && !identityHeader.test(name),
  );
  const socket = request.socket as TLSSocket;
  const client = `${unmapped(socket.remoteAddress ?? "")}:${socket.remotePort ?? 0}`;
  const before = headers["x-forwarded-for"];
  const host = `localhost:${site.internal.appPort}`;
  return {
    ...Object.fromEntries(kept),
    // Without it Node.js would send the body of a DELETE unframed, and the process read it as another request.
    ...(headers["transfer-encoding"] !== undefined && { "transfer-encoding": "chunked" }),
    "x-forwarded-for": before === undefined ? client : `${before}, ${client}`,
    "x-forwarded-proto": "https",
    "x-appservice-proto": "https",
    "x-forwarded-tlsversion": (socket.getProtocol?.() ?? "").replace("TLSv", ""),
    "x-arr-log-id": requestId,
    "x-arr-ssl": "true",
    "x-original-url": request.url ?? "/",
    "x-waws-unencoded-url": request.url ?? "/",
    "x-site-deployment-id": site.name,
    "was-default-hostname": host,
    "disguised-host": host,
    "client-ip": client,
  };
}

/** The headers of an answer as they go back, in order and with repetitions. */
export function returnedHeaders(rawHeaders: readonly string[]): string[] {
  const named = connectionNames(rawHeaders);
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    const lower = name.toLowerCase();
    if (!hopByHop.has(lower) && !named.has(lower)) kept.push(name, value);
  }
  return kept;
}

function connectionNames(rawHeaders: readonly string[]): ReadonlySet<string> {
  const index = rawHeaders.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === "connection");
  const value = index < 0 ? "" : (rawHeaders[index + 1] ?? "");
  return new Set(value.split(",").map((name) => name.trim().toLowerCase()));
}
