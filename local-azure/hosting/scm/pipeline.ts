import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { ControlPlaneAuthorizer } from "../../arm/surface.ts";
import type { Pipeline } from "../../core/pipeline.ts";
import type { Platform } from "../../core/platform.ts";
import { firstParty } from "../../entra/first-party.ts";
import { resourceManagerAudiencesOf } from "../../entra/resources.ts";
import { TokenRejected, type TokenVerifier, type VerifiedToken } from "../../entra/tokens/verify.ts";
import { admits } from "../access/restrictions.ts";
import { pages } from "../front/pages.ts";
import { speaksAtLeast } from "../front/pipeline.ts";
import type { Site } from "../site.ts";
import { forbidden, pageRefusal, refusal, type ScmAnswer, ScmError, unauthorized } from "./answers.ts";
import { type PublishRequest, readPublishRequest } from "./publish-request.ts";
import { findScmRoute, type ScmRouteName } from "./routes.ts";

/** One request to a site's SCM endpoint, completed stage by stage. */
export interface ScmContext {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly site: Site;
  readonly correlationId: string;
  readonly startedMs: number;
  route: ScmRouteName | "unknown";
  deploymentId?: string;
  token?: VerifiedToken;
  publish?: PublishRequest;
  answer?: ScmAnswer;
  code?: string;
}

export interface ScmPipelineServices {
  readonly platform: Platform;
  readonly verifier: TokenVerifier;
  readonly authorizer: Pick<ControlPlaneAuthorizer, "authorize">;
  /** What the routes do, once a request may. */
  readonly execute: (context: ScmContext) => Promise<ScmAnswer>;
}

/** The one action behind every route of the SCM endpoint. */
export const publishAction = "Microsoft.Web/sites/publish/Action";

/** The SCM endpoint of a site takes Entra tokens alone: there are no publishing passwords in the local cloud. */
export function scmPipeline(services: ScmPipelineServices): Pipeline<ScmContext> {
  const { platform, verifier, authorizer } = services;
  // The az CLI asks for App Service's audience; other clients send the token that they have for resource manager.
  const accepted = [
    ...firstParty.appService.identifierUris,
    firstParty.appService.appId,
    ...resourceManagerAudiencesOf(platform.origin),
  ];
  return {
    stages: {
      parse(context) {
        const lookup = findScmRoute(context.request.method ?? "", context.url.pathname);
        if (lookup.kind === "match") {
          context.route = lookup.name;
          if (lookup.id !== undefined) context.deploymentId = lookup.id;
        }
      },
      authenticate(context) {
        const { request, site } = context;
        if (!speaksAtLeast(request.socket as TLSSocket, site.config.scmMinTlsVersion)) {
          throw pageRefusal(pages.tlsTooOld.status, "TlsTooOld", pages.tlsTooOld);
        }
        const address = request.socket.remoteAddress ?? "";
        if (!site.publicNetworkAccess || !admits(site.config.scmRestrictions, address)) {
          throw pageRefusal(403, "IpForbidden", pages.forbiddenAddress, { "x-ms-forbidden-ip": address });
        }
        context.token = verifyBearer(request.headers.authorization, verifier, accepted);
      },
      authorize({ token, site }) {
        if (token === undefined || !authorizer.authorize(token, publishAction, site.id)) throw forbidden();
      },
      validate(context) {
        const { route, url, request, site } = context;
        if (route === "unknown") throw unknownRoute(request.method ?? "", url.pathname);
        if (route.startsWith("GET")) return;
        context.publish = readPublishRequest(route, url.searchParams, request.headers);
        refuseForeignContent(site);
      },
      async execute(context) {
        context.answer = await services.execute(context);
      },
    },
    refuse(context, error) {
      const refused =
        error instanceof ScmError
          ? error
          : refusal(500, "InternalServerError", "The SCM endpoint failed: see the local cloud's own log.");
      if (refused !== error) console.error(`SCM endpoint, correlation id ${context.correlationId}:`, error);
      context.answer = refused.answer;
      context.code = refused.code;
    },
    log({ request, url, route, correlationId, answer, code, token, startedMs }) {
      const userAgent = request.headers["user-agent"];
      platform.requestLog.record({
        time: platform.clock.now().toISOString(),
        surface: "scm",
        method: request.method ?? "",
        path: url.pathname,
        route,
        status: answer?.status ?? 500,
        ...(code === undefined ? {} : { code }),
        correlationId,
        ...(token === undefined ? {} : { principalId: token.principalId }),
        ...(userAgent === undefined ? {} : { userAgent }),
        durationMs: performance.now() - startedMs,
      });
    },
  };
}

function verifyBearer(
  header: string | undefined,
  verifier: TokenVerifier,
  audiences: readonly string[],
): VerifiedToken {
  if (header === undefined || header === "") {
    throw unauthorized("TokenMissing", "This endpoint needs an access token of Microsoft Entra ID.");
  }
  if (/^basic\s/i.test(header)) {
    throw unauthorized(
      "BasicNotAllowed",
      "Basic authentication is not allowed: use an access token of Microsoft Entra ID.",
    );
  }
  const token = /^bearer ([^\s,]+)$/i.exec(header)?.[1];
  if (token === undefined)
    throw unauthorized("TokenMissing", "The Authorization header is not a bearer token.");
  try {
    return verifier.verify(token, audiences);
  } catch (error) {
    if (error instanceof TokenRejected) throw unauthorized(`Token.${error.reason}`, error.message);
    throw error;
  }
}

function unknownRoute(method: string, path: string): ScmError {
  const lookup = findScmRoute(method, path);
  return lookup.kind === "otherMethods"
    ? new ScmError("MethodNotAllowed", { status: 405, headers: { Allow: lookup.methods.join(", ") } })
    : refusal(404, "NotFound", "The SCM endpoint of the local cloud does not serve this path.");
}

/** Settings by which App Service gets a site's content in another way than from the package. */
function refuseForeignContent({ internal }: Site): void {
  const { appSettings } = internal;
  for (const name of ["SCM_DO_BUILD_DURING_DEPLOYMENT", "ENABLE_ORYX_BUILD"]) {
    if (/^(true|1)$/i.test(appSettings[name] ?? "")) {
      throw refusal(
        400,
        "BuildNotSupported",
        `The local cloud does not build: remove the app setting ${name} and publish a bundle, or the package with its node_modules.`,
      );
    }
  }
  if (/^https?:/i.test(appSettings.WEBSITE_RUN_FROM_PACKAGE ?? "")) {
    throw refusal(409, "RunsFromPackage", "The site runs from a remote package (WEBSITE_RUN_FROM_PACKAGE).");
  }
}
