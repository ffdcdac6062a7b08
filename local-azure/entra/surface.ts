import { type Context, Hono } from "hono";
import { type Pipeline, runPipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import { type Deployer, openDeployer } from "./deployer.ts";
import { type Directory, openDirectory } from "./directory.ts";
import { discoveryV1, discoveryV2, instanceDocument, issuerV2 } from "./documents.ts";
import { firstPartyApplications, microsoftServicesTenantId } from "./first-party.ts";
import { createIssuer, type TokenIssuer } from "./issue.ts";
import { documentPipeline, type EntraContext, tokenPipeline, unknownPathPipeline } from "./pipeline.ts";
import { type ResourceCatalog, resourceCatalog } from "./resources.ts";
import { openSigningKeys, type SigningKeys } from "./signing-keys.ts";
import { createVerifier, type TokenVerifier } from "./verify.ts";

export interface EntraSurface {
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  readonly issuer: TokenIssuer;
  readonly resources: ResourceCatalog;
  readonly keys: SigningKeys;
  readonly app: Hono;
  readonly deployer: Deployer;
}

export interface EntraDependencies {
  /** Whether `https://localhost:<port>` is the endpoint of a Cosmos account. */
  isCosmosAccountOrigin(origin: string): boolean;
}

/** Every route of the token service, as the request log names it. */
export const routes: readonly string[] = [
  "GET /:tenant/v2.0/.well-known/openid-configuration",
  "GET /:tenant/.well-known/openid-configuration",
  "GET /:tenant/discovery/v2.0/keys",
  "GET /:tenant/discovery/keys",
  "GET /common/discovery/instance",
  "POST /:tenant/oauth2/v2.0/token",
];

/**
 * The directory and its token service. At first start it makes the signing key, the service principals of Microsoft's own
 * resources and the deployer, whose secret it writes to `deployer.json` of the state folder.
 */
export function createEntraSurface(platform: Platform, dependencies: EntraDependencies): EntraSurface {
  const { origin, tenantId } = platform;
  const directory = openDirectory(platform);
  addFirstParty(directory);
  const keys = openSigningKeys(platform);
  const resources = resourceCatalog({
    origin,
    tenantId,
    isCosmosAccountOrigin: (account) => dependencies.isCosmosAccountOrigin(account),
  });
  const issuer = createIssuer({ platform, directory, keys, resources });
  const verifier = createVerifier({ keys, tenantId, clock: platform.clock });
  const services = { platform, directory, issuer, resources };
  const subject = (context: EntraContext) => ({
    origin,
    segment: context.segment,
    tenant: context.tenant ?? "any",
  });
  const publishKeys = (context: EntraContext) => keys.published(issuerV2(origin, context.tenant ?? "any"));
  const pipelines: Readonly<Record<string, Pipeline<EntraContext>>> = {
    "GET /:tenant/v2.0/.well-known/openid-configuration": documentPipeline(services, (context) =>
      discoveryV2(subject(context)),
    ),
    "GET /:tenant/.well-known/openid-configuration": documentPipeline(services, (context) =>
      discoveryV1(subject(context)),
    ),
    "GET /:tenant/discovery/v2.0/keys": documentPipeline(services, publishKeys),
    "GET /:tenant/discovery/keys": documentPipeline(services, publishKeys),
    "GET /common/discovery/instance": documentPipeline(services, ({ request }) =>
      instanceDocument(origin, tenantId, new URL(request.url).searchParams.get("authorization_endpoint")),
    ),
    "POST /:tenant/oauth2/v2.0/token": tokenPipeline(services),
  };

  const app = new Hono({ getPath: (request) => withoutDoubledSlash(new URL(request.url).pathname) });
  const serve = (route: string, pipeline: Pipeline<EntraContext>) => async (context: Context) =>
    answer(platform, context, route, pipeline);
  for (const route of routes) {
    const [method = "", path = ""] = route.split(" ");
    const pipeline = pipelines[route];
    if (pipeline !== undefined) app.on(method, path, serve(route, pipeline));
  }
  app.notFound(serve("unknown", unknownPathPipeline(services)));
  const deployer = openDeployer(platform, directory);
  return { directory, verifier, issuer, resources, keys, app, deployer };
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function answer(
  platform: Platform,
  { req }: Context,
  route: string,
  pipeline: Pipeline<EntraContext>,
): Promise<Response> {
  const offered =
    req.header("client-request-id") ?? new URL(req.url).searchParams.get("client-request-id") ?? "";
  const path = withoutDoubledSlash(new URL(req.url).pathname);
  const context: EntraContext = {
    route,
    request: req.raw,
    path,
    segment: path.split("/")[1] ?? "",
    correlationId: guid.test(offered) ? offered : platform.ids.uuid(),
    traceId: platform.ids.uuid(),
    startedMs: performance.now(),
  };
  await runPipeline(pipeline, context);
  return Response.json(context.answer?.body, {
    status: context.answer?.status ?? 500,
    headers: {
      "Cache-Control": "no-store, no-cache",
      Pragma: "no-cache",
      "x-ms-request-id": context.traceId,
      "client-request-id": context.correlationId,
    },
  });
}

/** go-azure-sdk joins a login endpoint that ends in a slash to `//<tenant>/…`. */
function withoutDoubledSlash(path: string): string {
  return path.replace(/^\/{2,}/, "/");
}

function addFirstParty(directory: Directory): void {
  for (const { appId, displayName } of firstPartyApplications) {
    if (directory.findServicePrincipalByAppId(appId) !== undefined) continue;
    directory.create({
      type: "servicePrincipal",
      displayName,
      appId,
      appOwnerOrganizationId: microsoftServicesTenantId,
    });
  }
}
