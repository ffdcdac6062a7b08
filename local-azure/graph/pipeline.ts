import { readBoundedText } from "../core/bounded-body.ts";
import type { Pipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { Directory, DirectoryObject, DirectoryObjectType } from "../entra/directory.ts";
import { graphAudiencesOf } from "../entra/resources.ts";
import { TokenRejected, type TokenVerifier } from "../entra/tokens/verify.ts";
import { authorize } from "./access/authorize.ts";
import { type Caller, readCaller } from "./access/caller.ts";
import type { GraphAnswer } from "./call.ts";
import { badRequest, GraphError, graphErrorBody } from "./graph-error.ts";
import { findObject } from "./objects.ts";
import { isObject, type Properties } from "./properties.ts";
import { openReplication } from "./replication.ts";
import { matchRoute, readPath } from "./route.ts";
import { routeTable } from "./route-table.ts";

/** One request to Graph, completed stage by stage. */
export interface GraphContext {
  readonly request: Request;
  readonly url: URL;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly startedMs: number;
  route: string;
  version: string;
  /** The collection that the path begins with. */
  collection: string;
  parameters: Readonly<Record<string, string>>;
  caller?: Caller;
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

/** Every call to Graph: who may call is decided before the body is read. */
export function graphPipeline({ platform, directory, verifier }: GraphServices): Pipeline<GraphContext> {
  const replication = openReplication(platform);
  const audiences = graphAudiencesOf(platform.origin);
  const challenge = `Bearer realm="", authorization_uri="${platform.origin}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`;
  const unauthenticated = (message: string) =>
    new GraphError(401, "InvalidAuthenticationToken", message, { "WWW-Authenticate": challenge });
  return {
    stages: {
      async parse(context) {
        const { version, path } = readPath(context.url.pathname, platform.tenantId);
        const match = matchRoute(context.request.method, path);
        context.version = version;
        context.route = match?.route ?? "unknown";
        context.collection = path[0] ?? "";
        context.parameters = match?.parameters ?? {};
      },
      authenticate(context) {
        const header = context.request.headers.get("authorization") ?? "";
        const token = /^bearer +(\S+)$/i.exec(header)?.[1];
        if (token === undefined) throw unauthenticated("Access token is empty.");
        try {
          context.caller = readCaller(verifier.verify(token, audiences), directory);
        } catch (error) {
          throw error instanceof TokenRejected ? unauthenticated(rejectionText(error)) : error;
        }
      },
      authorize(context) {
        const { request, version, route, url, caller } = context;
        if (version !== "v1.0" && version !== "beta") {
          throw new GraphError(400, "BadRequest", `Invalid version: ${version.slice(0, 20)}.`);
        }
        const [, access] = routeTable[route] ?? [];
        if (access === undefined || caller === undefined) throw notServed(request.method, url.pathname);
        authorize({ access, caller, directory, target: findTarget(context, directory) });
      },
      async validate(context) {
        context.body = await readBody(context.request);
      },
      execute(context) {
        const { request, route, parameters, caller, url, version, body = {} } = context;
        const [operation] = routeTable[route] ?? [];
        if (operation === undefined || caller === undefined) return;
        context.answer = operation({
          platform,
          directory,
          replication,
          caller,
          base: `${platform.origin}/graph/${version}`,
          version: version === "beta" ? "beta" : "v1.0",
          url,
          parameters,
          eventual: request.headers.get("ConsistencyLevel")?.toLowerCase() === "eventual",
          body,
        });
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
      const { request, url, route, answer, code, caller } = context;
      const userAgent = request.headers.get("SdkVersion") ?? request.headers.get("user-agent");
      platform.requestLog.record({
        time: platform.clock.now().toISOString(),
        surface: "graph",
        method: request.method,
        path: url.pathname,
        route,
        status: answer?.status ?? 500,
        ...(code === undefined ? {} : { code }),
        correlationId: context.clientRequestId,
        ...(caller === undefined ? {} : { principalId: caller.principalId }),
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
    `The local Graph does not serve ${method} ${path.slice(0, 200)}. It serves the identities of the directory: applications, servicePrincipals, oauth2PermissionGrants, groups, users, me, directoryObjects, directory/deletedItems, organization and domains.`,
  );
}

const typeOf: Readonly<Record<string, DirectoryObjectType>> = {
  applications: "application",
  serviceprincipals: "servicePrincipal",
  groups: "group",
  users: "user",
};

/** The object that the path names, for questions of ownership; whether it is there is the operation's to say. */
function findTarget(
  { collection, parameters }: GraphContext,
  directory: Directory,
): DirectoryObject | undefined {
  const type = typeOf[collection.toLowerCase()];
  if (parameters.id === undefined || type === undefined) return undefined;
  try {
    return findObject({ directory }, parameters.id, type);
  } catch {
    return undefined;
  }
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
