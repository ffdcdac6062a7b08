import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Pipeline } from "../../core/pipeline.ts";
import type { Platform } from "../../core/platform.ts";
import { admits } from "../access/restrictions.ts";
import type { Lease } from "../runtime/site-runner.ts";
import type { Site } from "../site.ts";
import { forwardedHeaders } from "./headers.ts";
import { type Page, pageHtml, pages } from "./pages.ts";
import { BadGateway, proxy } from "./proxy.ts";

/** The front end of a site has one route: whatever its process serves. */
export const routes: readonly string[] = ["* /*"];

/** One request to a site. */
export interface FrontContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly site: Site;
  /** The site's process, when one answers. */
  readonly lease: Lease | undefined;
  readonly requestId: string;
  readonly startedMs: number;
  code?: string;
}

class Refusal extends Error {
  readonly page: Page;

  constructor(page: Page) {
    super(page.statusText);
    this.page = page;
  }
}

/** App Service's load balancer gives up after 230 seconds of silence. */
const idleTimeoutMs = 230_000;

/**
 * What App Service's front end does before a request reaches the site's process. Nothing but TLS is listened for, so
 * `httpsOnly` holds whatever it says.
 */
export function frontPipeline(platform: Platform): Pipeline<FrontContext> {
  return {
    stages: {
      parse({ request, site }) {
        if (!speaksAtLeast(request.socket as TLSSocket, site.config.minTlsVersion)) {
          throw new Refusal(pages.tlsTooOld);
        }
      },
      authenticate() {
        // App Service Authentication is not configured for any site: the process sees to its callers itself.
      },
      authorize({ request, site }) {
        const address = request.socket.remoteAddress ?? "";
        if (!site.publicNetworkAccess || !admits(site.config.appRestrictions, address)) {
          throw new Refusal(pages.forbiddenAddress);
        }
      },
      validate({ site, lease }) {
        if (!site.running) throw new Refusal(pages.stopped);
        if (lease === undefined) throw new Refusal(pages.unavailable);
      },
      async execute({ request, response, site, lease, requestId }) {
        if (lease === undefined) return;
        const headers = forwardedHeaders(request, site, requestId);
        await proxy({ request, response, port: lease.port, headers, timeoutMs: idleTimeoutMs });
      },
    },
    refuse(context, error) {
      const page = asPage(error, context.requestId);
      context.code = page.statusText.replaceAll(" ", "");
      const { request, response } = context;
      request.resume();
      if (response.headersSent) {
        response.destroy();
        return;
      }
      response.writeHead(page.status, page.statusText, {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        ...(page === pages.forbiddenAddress && { "x-ms-forbidden-ip": request.socket.remoteAddress ?? "" }),
        ...(page.status === 503 && { "Retry-After": "1" }),
      });
      response.end(request.method === "HEAD" ? undefined : pageHtml(page));
    },
    log({ request, response, requestId, startedMs, code, lease }) {
      lease?.release();
      const userAgent = request.headers["user-agent"];
      platform.requestLog.record({
        time: platform.clock.now().toISOString(),
        surface: "hosting-front",
        method: request.method ?? "",
        path: (request.url ?? "/").split("?")[0] ?? "/",
        route: "* /*",
        status: response.statusCode,
        ...(code === undefined ? {} : { code }),
        correlationId: requestId,
        ...(userAgent === undefined ? {} : { userAgent }),
        durationMs: performance.now() - startedMs,
      });
    },
  };
}

function asPage(error: unknown, requestId: string): Page {
  if (error instanceof Refusal) return error.page;
  if (error instanceof BadGateway) return pages.badGateway;
  console.error(`front end of a site, request ${requestId}:`, error);
  return pages.badGateway;
}

/** Whether the connection's TLS version is at least `minimum` (`1.0` to `1.3`). */
export function speaksAtLeast(socket: Pick<TLSSocket, "getProtocol">, minimum: string): boolean {
  const version = /^TLSv(1(?:\.\d)?)$/.exec(socket.getProtocol() ?? "")?.[1];
  return version !== undefined && Number(version) >= Number(minimum);
}
