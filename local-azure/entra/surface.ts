import { type Context, Hono } from "hono";
import { type Pipeline, runPipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { EntraContext } from "./context.ts";
import { type Deployer, openDeployer } from "./deployer.ts";
import { type Developer, openDeveloper } from "./developer.ts";
import { type Directory, openDirectory } from "./directory.ts";
import { discoveryV1, discoveryV2, instanceDocument, issuerV2 } from "./documents.ts";
import { externalIssuers } from "./external-issuer/issuers.ts";
import { firstPartyApplications, microsoftServicesTenantId } from "./first-party.ts";
import { openAuthorizationCodes } from "./grants/authorization-codes.ts";
import { openDeviceCodes } from "./grants/device-codes.ts";
import { openRefreshTokens } from "./grants/refresh-tokens.ts";
import { documentPipeline, unknownPathPipeline } from "./pipeline.ts";
import { type ResourceCatalog, resourceCatalog } from "./resources.ts";
import { authorizePagePipeline, authorizePipeline } from "./sign-in/authorize-pipeline.ts";
import { deviceCodePipeline, devicePagePipeline, devicePipeline } from "./sign-in/device-pipelines.ts";
import { createFormGuard } from "./sign-in/form-guard.ts";
import { logoutPipeline } from "./sign-in/logout-pipeline.ts";
import { recordingManagedIdentities } from "./sign-ins/managed-identities.ts";
import { openSignInLog } from "./sign-ins/sign-in-log.ts";
import { openSigningKeys, type SigningKeys } from "./signing-keys.ts";
import { createIssuer, type TokenIssuer } from "./tokens/issue.ts";
import { tokenPipeline } from "./tokens/token-pipeline.ts";
import { createVerifier, type TokenVerifier } from "./tokens/verify.ts";

export interface EntraSurface {
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  readonly issuer: TokenIssuer;
  readonly resources: ResourceCatalog;
  readonly keys: SigningKeys;
  readonly app: Hono;
  readonly deployer: Deployer;
  readonly developer: Developer;
}

export interface EntraDependencies {
  /** Whether `https://localhost:<port>` is the endpoint of a Cosmos account. */
  isCosmosAccountOrigin(origin: string): boolean;
  /** How long an issuer outside may take for one of its documents; 5,000. */
  readonly issuerTimeoutMs?: number;
  /** Milliseconds that only grow, by which an issuer outside is spared; the process's own. */
  readonly monotonicMs?: () => number;
  /** How long a device waits between two questions; 5, as in Entra. */
  readonly devicePollSeconds?: number;
}

/** The routes that a person's browser calls. */
export const pageRoutes: readonly string[] = [
  "GET /:tenant/oauth2/v2.0/authorize",
  "POST /:tenant/oauth2/v2.0/authorize",
  "GET /:tenant/oauth2/deviceauth",
  "POST /:tenant/oauth2/deviceauth",
  "GET /:tenant/oauth2/v2.0/logout",
];

/** Every route of the token service, as the request log names it. */
export const routes: readonly string[] = [
  "GET /:tenant/v2.0/.well-known/openid-configuration",
  "GET /:tenant/.well-known/openid-configuration",
  "GET /:tenant/discovery/v2.0/keys",
  "GET /:tenant/discovery/keys",
  "GET /common/discovery/instance",
  "POST /:tenant/oauth2/v2.0/token",
  "POST /:tenant/oauth2/v2.0/devicecode",
  ...pageRoutes,
];

/**
 * The directory and its token service. At first start it makes the signing key, the service principals of Microsoft's own
 * applications, the deployer, whose secret it writes to `deployer.json` of the state folder, and the developer, whose
 * password it writes to `developer.json`.
 */
export function createEntraSurface(platform: Platform, dependencies: EntraDependencies): EntraSurface {
  const { origin, tenantId, clock } = platform;
  const { issuerTimeoutMs, monotonicMs, devicePollSeconds: pollSeconds = 5 } = dependencies;
  const directory = openDirectory(platform);
  addFirstParty(directory);
  const keys = openSigningKeys(platform);
  const resources = resourceCatalog({
    origin,
    tenantId,
    directory,
    isCosmosAccountOrigin: (account) => dependencies.isCosmosAccountOrigin(account),
  });
  const signIns = openSignInLog(platform);
  const issuer = recordingManagedIdentities(createIssuer({ platform, directory, keys, resources }), {
    platform,
    directory,
    resources,
    signIns,
  });
  const verifier = createVerifier({ keys, tenantId, clock });
  const services = {
    platform,
    directory,
    issuer,
    resources,
    signIns,
    codes: openAuthorizationCodes(platform),
    deviceCodes: openDeviceCodes(platform),
    refreshTokens: openRefreshTokens(platform),
    ownTokens: createVerifier({ keys, tenantId, clock, authority: origin }),
    issuers: externalIssuers(platform, issuerTimeoutMs, monotonicMs),
    forms: createFormGuard(platform),
    pollSeconds,
  };
  const subject = (context: EntraContext) => ({
    origin,
    segment: context.segment,
    tenant: context.tenant ?? "any",
  });
  const publishKeys = (context: EntraContext) => keys.published(issuerV2(origin, context.tenant ?? "any"));
  const pipelines: Readonly<Record<string, Pipeline<EntraContext>>> = {
    "GET /:tenant/v2.0/.well-known/openid-configuration": documentPipeline(platform, (context) =>
      discoveryV2(subject(context)),
    ),
    "GET /:tenant/.well-known/openid-configuration": documentPipeline(platform, (context) =>
      discoveryV1(subject(context)),
    ),
    "GET /:tenant/discovery/v2.0/keys": documentPipeline(platform, publishKeys),
    "GET /:tenant/discovery/keys": documentPipeline(platform, publishKeys),
    "GET /common/discovery/instance": documentPipeline(platform, ({ request }) =>
      instanceDocument(origin, tenantId, new URL(request.url).searchParams.get("authorization_endpoint")),
    ),
    "POST /:tenant/oauth2/v2.0/token": tokenPipeline(services),
    "GET /:tenant/oauth2/v2.0/authorize": authorizePagePipeline(services),
    "POST /:tenant/oauth2/v2.0/authorize": authorizePipeline(services),
    "POST /:tenant/oauth2/v2.0/devicecode": deviceCodePipeline(services),
    "GET /:tenant/oauth2/deviceauth": devicePagePipeline(services),
    "POST /:tenant/oauth2/deviceauth": devicePipeline(services),
    "GET /:tenant/oauth2/v2.0/logout": logoutPipeline(services),
  };

  const app = new Hono({ getPath: (request) => withoutDoubledSlash(new URL(request.url).pathname) });
  const serve = (route: string, pipeline: Pipeline<EntraContext>) => async (context: Context) =>
    answer(platform, context, route, pipeline);
  for (const route of routes) {
    const [method = "", path = ""] = route.split(" ");
    const pipeline = pipelines[route];
    if (pipeline !== undefined) app.on(method, path, serve(route, pipeline));
  }
  app.notFound(serve("unknown", unknownPathPipeline(platform)));
  const deployer = openDeployer(platform, directory);
  const developer = openDeveloper(platform, directory);
  return { directory, verifier, issuer, resources, keys, app, deployer, developer };
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function answer(
  platform: Platform,
  { req, env }: Context,
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
    address: addressOf(env),
    correlationId: guid.test(offered) ? offered : platform.ids.uuid(),
    traceId: platform.ids.uuid(),
    startedMs: performance.now(),
  };
  await runPipeline(pipeline, context);
  const { status = 500, body, html, headers } = context.answer ?? {};
  const init = {
    status,
    headers: {
      "Cache-Control": "no-store, no-cache",
      Pragma: "no-cache",
      "x-ms-request-id": context.traceId,
      "client-request-id": context.correlationId,
      ...(html === undefined ? {} : { "Content-Type": "text/html; charset=utf-8" }),
      ...headers,
    },
  };
  return html === undefined ? Response.json(body, init) : new Response(html, init);
}

interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
}

/** The caller's address as the listener saw it; nothing reaches the token service but from this machine. */
function addressOf(env: unknown): string {
  return (env as NodeBindings | undefined)?.incoming?.socket?.remoteAddress ?? "127.0.0.1";
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
