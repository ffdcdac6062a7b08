import { Hono } from "hono";
import { runPipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { Directory } from "../entra/directory.ts";
import type { TokenVerifier } from "../entra/tokens/verify.ts";
import { type GraphContext, graphPipeline } from "./pipeline.ts";

export { routes } from "./route.ts";

export interface GraphSurface {
  /** Answers `/graph/v1.0/…` and `/graph/beta/…`. */
  readonly app: Hono;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Microsoft Graph over the directory: applications, service principals, groups, users and what relates them. What a caller
 * may do follows from the permissions in its token (`access/permissions.ts`) or from being a directory administrator.
 */
export function createGraphSurface(
  platform: Platform,
  { directory, verifier }: { readonly directory: Directory; readonly verifier: TokenVerifier },
): GraphSurface {
  const pipeline = graphPipeline({ platform, directory, verifier });
  const app = new Hono();
  app.all("*", async ({ req }) => {
    const requestId = platform.ids.uuid();
    const offered = req.header("client-request-id") ?? "";
    const context: GraphContext = {
      request: req.raw,
      url: new URL(req.url),
      requestId,
      clientRequestId: guid.test(offered) ? offered : requestId,
      startedMs: performance.now(),
      route: "unknown",
      version: "",
      collection: "",
      parameters: {},
    };
    await runPipeline(pipeline, context);
    const { status, body, headers } = context.answer ?? { status: 500 };
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: {
        ...(body === undefined
          ? {}
          : { "Content-Type": "application/json; odata.metadata=minimal; charset=utf-8" }),
        "Cache-Control": "no-cache",
        "OData-Version": "4.0",
        "request-id": requestId,
        "client-request-id": context.clientRequestId,
        ...headers,
      },
    });
  });
  return { app };
}
