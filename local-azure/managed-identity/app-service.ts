import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { runPipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import { UserError } from "../core/user-error.ts";
import type { TokenIssuer } from "../entra/tokens/issue.ts";
import { type IdentityContext, identityPipeline } from "./pipeline.ts";
import { createSiteRegister, type SiteIdentity } from "./site-register.ts";

export { routes } from "./pipeline.ts";

/** What a site's process is given to reach its managed identity. */
export interface IdentityAccess {
  /** `IDENTITY_ENDPOINT`: http on 127.0.0.1, as App Service's own is. */
  readonly endpoint: string;
  /** `IDENTITY_HEADER`: good until the site is registered again or unregistered. */
  readonly header: string;
}

/** The managed-identity endpoint of App Service (`IDENTITY_ENDPOINT`, api-version 2019-08-01). */
export interface AppServiceIdentity {
  /** @throws UserError LA-PORT-IN-USE when another program has the endpoint's port. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** To be called each time a site's process starts, after `start`. */
  register(site: SiteIdentity): IdentityAccess;
  unregister(siteId: string): void;
}

const portOwner = "managed-identity";

/**
 * One endpoint for all sites; the header tells which site asks. The fault `identity-endpoint` switches it off for one site.
 * Reference: https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function createAppServiceIdentity(
  platform: Platform,
  { issuer }: { readonly issuer: TokenIssuer },
): AppServiceIdentity {
  const sites = createSiteRegister(platform.ids);
  const pipeline = identityPipeline({ platform, issuer, sites, faults: platform.faults });
  let server: Server | undefined;
  let port: number | undefined;

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    const context: IdentityContext = {
      request,
      url: URL.parse(request.url ?? "/", "http://127.0.0.1") ?? new URL("http://127.0.0.1/"),
      correlationId: platform.ids.uuid(),
      startedMs: performance.now(),
      route: "unknown",
    };
    await runPipeline(pipeline, context);
    const { status, body } = context.answer ?? { status: 500, body: {} };
    response.writeHead(status, {
      "Content-Type": "application/json; charset=utf-8",
      "Cache-Control": "no-store",
    });
    response.end(JSON.stringify(body));
  };

  return {
    async start() {
      port = await platform.ports.claim(portOwner);
      server = await listen(port, (request, response) => void serve(request, response));
    },
    async stop() {
      const stopping = server;
      server = undefined;
      if (stopping === undefined) return;
      await new Promise<void>((resolve) => {
        stopping.close(() => resolve());
        stopping.closeAllConnections();
      });
    },
    register(site) {
      if (port === undefined) throw new Error("the identity endpoint has not been started");
      return { endpoint: `http://127.0.0.1:${port}/msi/token`, header: sites.register(site) };
    },
    unregister: (siteId) => sites.unregister(siteId),
  };
}

function listen(
  port: number,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new UserError(
              "LA-PORT-IN-USE",
              `Port ${port} on 127.0.0.1 is taken by another program, but the local cloud's state has handed it out.`,
              "Stop that program (`ss -ltnp` shows it), or run `npx --no local-azure reset` to begin anew with other ports.",
            )
          : error,
      );
    });
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => resolve(server));
  });
}
