import { readBoundedText } from "../core/bounded-body.ts";
import type { Pipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { Directory } from "../entra/directory.ts";
import { graphAudiencesOf } from "../entra/resources.ts";
import { TokenRejected, type TokenVerifier, type VerifiedToken } from "../entra/verify.ts";
import type { GraphAnswer } from "./call.ts";
import { badRequest, GraphError, graphErrorBody } from "./graph-error.ts";
import { operations, readsByPost } from "./operations.ts";
import { isObject, type Properties } from "./properties.ts";
import { matchRoute, readPath } from "./route.ts";

/** One request to Graph, completed stage by stage. */
export interface GraphContext {
  readonly request: Request;
  readonly url: URL;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly startedMs: number;
  route: string;
  version: string;
  id: string;
  principal?: VerifiedToken;
  body?: Properties;
  answer?: GraphAnswer;
  /** Code of the refusal, if it is one. */
  code?: string;
}

export interface GraphServices {
  readonly platform: Platform;
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
}

/** Every call to Graph: who may call is decided before anything is said of the path. */
export function graphPipeline({ platform, directory, verifier }: GraphServices): Pipeline<GraphContext> {
  const audiences = graphAudiencesOf(platform.origin);
  const challenge = `Bearer realm="", authorization_uri="${platform.origin}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`;
  const unauthenticated = (message: string) =>
    new GraphError(401, "InvalidAuthenticationToken", message, { "WWW-Authenticate": challenge });
  return {
    stages: {
      async parse(context) {
        const { version, path } = readPath(context.url.pathname);
        const match = matchRoute(context.request.method, path);
        context.version = version;
        context.route = match?.route ?? "unknown";
        context.id = match?.id ?? "";
      },
      authenticate(context) {
        const header = context.request.headers.get("authorization") ?? "";
        const token = /^bearer +(\S+)$/i.exec(header)?.[1];
        if (token === undefined) throw unauthenticated("Access token is empty.");
        try {
          context.principal = verifier.verify(token, audiences);
        } catch (error) {
          throw error instanceof TokenRejected ? unauthenticated(rejectionText(error)) : error;
        }
      },
      authorize({ principal }) {
        if (principal && directory.find(principal.principalId)?.isDirectoryAdministrator) return;
        throw new GraphError(
          403,
          "Authorization_RequestDenied",
          "Insufficient privileges to complete the operation.",
        );
      },
      async validate(context) {
        const { request, version, route, url } = context;
        if (version !== "v1.0" && version !== "beta") {
          throw new GraphError(400, "BadRequest", `Invalid version: ${version.slice(0, 20)}.`);
        }
        if (route === "unknown") throw notServed(request.method, url.pathname);
        if (version === "beta" && request.method !== "GET" && !readsByPost.has(route)) {
          throw badRequest("The local Graph takes writes at v1.0 only.");
        }
        context.body = await readBody(request);
      },
      execute(context) {
        const { route, id, url, version, body = {} } = context;
        const base = `${platform.origin}/graph/${version}`;
        context.answer = operations[route]?.({ platform, directory, base, url, id, body });
      },
    },
    refuse(context, error) {
      const { requestId, clientRequestId } = context;
      if (!(error instanceof GraphError)) console.error(`graph, request id ${requestId}:`, error);
      const refusal =
        error instanceof GraphError ? error : new GraphError(500, "InternalServerError", "Graph failed.");
      context.code = refusal.code;
      context.answer = {
        status: refusal.status,
        headers: refusal.headers,
        body: graphErrorBody(refusal, { requestId, clientRequestId, at: platform.clock.now() }),
      };
    },
    log(context) {
      const { request, url, route, answer, code, principal } = context;
      const userAgent = request.headers.get("user-agent");
      platform.requestLog.record({
        time: platform.clock.now().toISOString(),
        surface: "graph",
        method: request.method,
        path: url.pathname,
        route,
        status: answer?.status ?? 500,
        ...(code === undefined ? {} : { code }),
        correlationId: context.clientRequestId,
        ...(principal === undefined ? {} : { principalId: principal.principalId }),
        ...(userAgent === null ? {} : { userAgent }),
        durationMs: performance.now() - context.startedMs,
      });
    },
  };
}

function rejectionText({ reason, message }: TokenRejected): string {
  if (reason === "expired") return "Lifetime validation failed, the token is expired.";
  if (reason === "audience") return "Access token validation failure. Invalid audience.";
  return `Access token validation failure. ${message}`;
}

function notServed(method: string, path: string): GraphError {
  return new GraphError(
    400,
    "BadRequest",
    `The local Graph does not serve ${method} ${path.slice(0, 200)}. It serves applications, servicePrincipals and directoryObjects.`,
  );
}

const mostBytes = 1_048_576;

async function readBody(request: Request): Promise<Properties> {
  const text = await readBoundedText(request, mostBytes);
  if (text === undefined)
    throw new GraphError(413, "RequestEntityTooLarge", "The request body is larger than 1 MB.");
  if (text === "") return {};
  const value = parseJson(text);
  if (!isObject(value)) throw badRequest("The request body is not a JSON object.");
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
