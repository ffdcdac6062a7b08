import { Hono } from "hono";
import { runPipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { Directory } from "../entra/directory.ts";
import type { TokenVerifier } from "../entra/tokens/verify.ts";
import { type ControlPlaneAuthorizer, createControlPlaneAuthorizer } from "./authorization/authorizer.ts";
import { grantOwner } from "./authorization/owner.ts";
import { authorizationTypes } from "./authorization/provider.ts";
import { metadataDocument } from "./metadata.ts";
import { openOperations } from "./operations.ts";
import { type ArmContext, armPipeline } from "./pipeline.ts";
import { bindRow, type ResourceManagerServices, type ResourceProvider } from "./resource-provider.ts";
import type { ResourceStore } from "./resource-store.ts";
import { resourcesTypes } from "./resources/provider.ts";
import { keepInterrupted } from "./resources/resource-groups.ts";
import type { ResourcesServices } from "./resources/services.ts";
import { createRouteTable, routeNames } from "./route-table.ts";

export type { ControlPlaneAuthorizer } from "./authorization/authorizer.ts";

const metadataRoute = "GET /metadata/endpoints";

/** Resource manager's own routes; those of a provider's types are in its own table. */
export const routes: readonly string[] = [
  metadataRoute,
  ...routeNames(resourcesTypes),
  ...routeNames(authorizationTypes),
];

export interface ArmDependencies {
  readonly verifier: TokenVerifier;
  readonly directory: Directory;
  readonly resources: ResourceStore;
  readonly providers: readonly ((services: ResourceManagerServices) => ResourceProvider)[];
  /** Object id of the principal that becomes Owner of the subscription at its first start. */
  readonly owner: string;
}

export interface ArmSurface {
  readonly app: Hono;
  readonly services: ResourceManagerServices;
  readonly authorizer: ControlPlaneAuthorizer;
}

/** Resource manager: subscriptions, resource groups, roles, and the types of `providers`. */
export function createArmSurface(platform: Platform, dependencies: ArmDependencies): ArmSurface {
  const { verifier, directory, resources } = dependencies;
  const operations = openOperations(platform);
  const authorizer = createControlPlaneAuthorizer(resources, directory);
  const services: ResourceManagerServices = {
    resources,
    beginOperation: (call, work, answer) => operations.begin(call, work, answer),
    completion: (answer) => operations.completion(answer),
  };
  const providers: ResourceProvider[] = dependencies.providers.map((create) => create(services));
  const own: ResourcesServices = {
    platform,
    subscriptionId: platform.subscriptionId,
    resources,
    operations,
    authorizer,
    providers,
    typeRow: (type) => rowsByType.get(type.toLowerCase()),
    parametersOf: (id) => {
      const lookup = table.find("GET", id.split("/").slice(1));
      return lookup.kind === "match" ? lookup.parameters : {};
    },
  };
  providers.push(
    {
      namespace: "Microsoft.Authorization",
      types: authorizationTypes.map((row) => bindRow(row, { platform, resources, directory, authorizer })),
    },
    { namespace: "Microsoft.Resources", types: resourcesTypes.map((row) => bindRow(row, own)) },
  );
  const rows = providers.flatMap(({ types }) => types);
  const rowsByType = new Map(rows.map((row) => [row.type.toLowerCase(), row]));
  const table = createRouteTable(rows);
  void keepInterrupted(own);
  void grantOwner(platform, resources, dependencies.owner);
  const pipeline = armPipeline({ platform, verifier, authorizer, resources, table });

  const app = new Hono();
  app.get("/metadata/endpoints", ({ req }) => {
    const started = performance.now();
    const body = metadataDocument(platform, req.query("api-version") ?? null);
    const userAgent = req.header("user-agent");
    platform.requestLog.record({
      time: platform.clock.now().toISOString(),
      surface: "arm",
      method: "GET",
      path: "/metadata/endpoints",
      route: metadataRoute,
      status: 200,
      correlationId: platform.ids.uuid(),
      ...(userAgent === undefined ? {} : { userAgent }),
      durationMs: performance.now() - started,
    });
    return Response.json(body);
  });
  app.all("*", async ({ req }) => {
    const offered = req.header("x-ms-correlation-request-id") ?? "";
    const context: ArmContext = {
      request: req.raw,
      correlationId: guid.test(offered) ? offered : platform.ids.uuid(),
      requestId: platform.ids.uuid(),
      startedMs: performance.now(),
    };
    await runPipeline(pipeline, context);
    return respond(context, req.header("x-ms-client-request-id"));
  });
  return { app, services, authorizer };
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function respond(context: ArmContext, clientRequestId: string | undefined): Response {
  const { status = 500, body, headers = {} } = context.answer ?? {};
  const withBody = body !== undefined && context.request.method !== "HEAD" && status !== 204;
  return new Response(withBody ? JSON.stringify(body) : null, {
    status,
    headers: {
      "Cache-Control": "no-cache",
      Pragma: "no-cache",
      Expires: "-1",
      "X-Content-Type-Options": "nosniff",
      "x-ms-request-id": context.requestId,
      "x-ms-correlation-request-id": context.correlationId,
      ...(clientRequestId !== undefined && guid.test(clientRequestId)
        ? { "x-ms-client-request-id": clientRequestId }
        : {}),
      ...(withBody ? { "Content-Type": "application/json; charset=utf-8" } : {}),
      ...(context.code === undefined ? {} : { "x-ms-error-code": context.code }),
      ...headers,
    },
  });
}
