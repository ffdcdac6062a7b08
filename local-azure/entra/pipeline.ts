import { readBoundedText } from "../core/bounded-body.ts";
import type { Pipeline, Stage } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import { authenticateClient } from "./clients.ts";
import type { Directory, DirectoryObject } from "./directory.ts";
import { requireEnabled, type TokenIssuer } from "./issue.ts";
import type { ResourceCatalog, TokenResource } from "./resources.ts";
import { resolveTenant } from "./tenants.ts";
import { TokenError, tokenErrorBody } from "./token-error.ts";
import { readTokenRequest, resourceOfScope, type TokenRequest } from "./token-request.ts";

/** One request to the token service, completed stage by stage. */
export interface EntraContext {
  readonly route: string;
  readonly request: Request;
  /** The path without its query. */
  readonly path: string;
  /** First path segment. */
  readonly segment: string;
  readonly correlationId: string;
  readonly traceId: string;
  readonly startedMs: number;
  tenant?: string | "any";
  token?: TokenRequest;
  client?: DirectoryObject;
  resource?: TokenResource;
  answer?: {
    readonly status: number;
    readonly body: Readonly<Record<string, unknown>>;
    readonly code?: string;
  };
}

export interface EntraServices {
  readonly platform: Platform;
  readonly directory: Directory;
  readonly issuer: TokenIssuer;
  readonly resources: ResourceCatalog;
}

type EntraPipeline = Pipeline<EntraContext>;

/** `POST /<tenant>/oauth2/v2.0/token`. */
export function tokenPipeline(services: EntraServices): EntraPipeline {
  const { platform, directory, issuer, resources } = services;
  return {
    stages: {
      async parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
        context.token = readTokenRequest(await readForm(context.request));
      },
      authenticate(context) {
        if (context.tenant === "any") throw noTenant(context.segment);
        context.client = authenticateClient(need(context.token), directory, platform.tenantId);
      },
      authorize(context) {
        requireEnabled(need(context.client));
      },
      validate(context) {
        context.resource = resources.resolve(resourceOfScope(need(context.token).scope));
      },
      execute(context) {
        const { accessToken, expiresIn } = issuer.issueForClient(
          need(context.client),
          need(context.resource),
        );
        const body = {
          token_type: "Bearer",
          expires_in: expiresIn,
          ext_expires_in: expiresIn,
          access_token: accessToken,
        };
        context.answer = { status: 200, body };
      },
    },
    ...ending(platform),
  };
}

/** The public documents: nobody is authenticated and nothing is decided. */
export function documentPipeline(
  { platform }: EntraServices,
  write: (context: EntraContext) => Readonly<Record<string, unknown>>,
): EntraPipeline {
  return {
    stages: {
      parse(context) {
        context.tenant = resolveTenant(context.segment, platform.tenantId);
      },
      authenticate: nothing,
      authorize: nothing,
      validate: nothing,
      execute(context) {
        context.answer = { status: 200, body: write(context) };
      },
    },
    ...ending(platform),
  };
}

/** Every path that is not in the route table. */
export function unknownPathPipeline({ platform }: EntraServices): EntraPipeline {
  return {
    stages: {
      parse({ request, path }) {
        throw new TokenError(
          90015,
          "invalid_request",
          404,
          `The token service of this local cloud does not serve ${request.method} ${path.slice(0, 200)}. It serves OpenID discovery, signing keys and POST /<tenant>/oauth2/v2.0/token.`,
        );
      },
      authenticate: nothing,
      authorize: nothing,
      validate: nothing,
      execute: nothing,
    },
    ...ending(platform),
  };
}

const nothing: Stage<EntraContext> = () => {};

function ending(platform: Platform): Pick<EntraPipeline, "refuse" | "log"> {
  return {
    refuse(context, error) {
      const { traceId, correlationId } = context;
      if (!(error instanceof TokenError))
        console.error(`token service, correlation id ${correlationId}:`, error);
      const refusal = error instanceof TokenError ? error : internalError();
      const trace = { traceId, correlationId, at: platform.clock.now() };
      context.answer = {
        status: refusal.status,
        body: tokenErrorBody(refusal, trace),
        code: `AADSTS${refusal.code}`,
      };
    },
    log(context) {
      const { request, path, route, answer, client, correlationId } = context;
      const userAgent = request.headers.get("user-agent");
      platform.requestLog.record({
        time: platform.clock.now().toISOString(),
        surface: "entra",
        method: request.method,
        path,
        route,
        status: answer?.status ?? 500,
        ...(answer?.code === undefined ? {} : { code: answer.code }),
        correlationId,
        ...(client === undefined ? {} : { principalId: client.id }),
        ...(userAgent === null ? {} : { userAgent }),
        durationMs: performance.now() - context.startedMs,
      });
    },
  };
}

const formType = "application/x-www-form-urlencoded";
const maxFormBytes = 65_536;

async function readForm(request: Request): Promise<URLSearchParams> {
  const [type] = (request.headers.get("content-type") ?? "").split(";");
  if (type?.trim().toLowerCase() !== formType) return new URLSearchParams();
  const text = await readBoundedText(request, maxFormBytes);
  if (text === undefined) throw tooLarge();
  return new URLSearchParams(text);
}

function tooLarge(): TokenError {
  return new TokenError(
    90015,
    "invalid_request",
    413,
    `The request body is larger than ${maxFormBytes} bytes.`,
  );
}

function noTenant(segment: string): TokenError {
  return new TokenError(
    50059,
    "invalid_request",
    400,
    `No tenant-identifying information found in either the request or implied by any provided credentials: '${segment}' has no client credentials. Use the tenant id.`,
  );
}

function internalError(): TokenError {
  return new TokenError(90033, "invalid_request", 500, "A transient error has occurred. Please try again.");
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a stage read what no earlier stage wrote");
  return value;
}
