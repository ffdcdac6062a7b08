import type { Pipeline, Stage } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { EntraContext } from "./context.ts";
import { resolveTenant } from "./tenants.ts";
import { TokenError, tokenErrorBody } from "./tokens/token-error.ts";

type EntraPipeline = Pipeline<EntraContext>;

/** The public documents: nobody is authenticated and nothing is decided. */
export function documentPipeline(
  platform: Platform,
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
    refuse: (context, error) => refuseWithJson(platform, context, error),
    log: (context) => logRequest(platform, context),
  };
}

/** Every path that is not in the route table. */
export function unknownPathPipeline(platform: Platform): EntraPipeline {
  return {
    stages: {
      parse({ request, path }) {
        throw new TokenError(
          90015,
          "invalid_request",
          404,
          `The token service of this local cloud does not serve ${request.method} ${path.slice(0, 200)}. It serves OpenID discovery, signing keys, and below /<tenant>/oauth2/v2.0/ token, authorize, devicecode and logout.`,
        );
      },
      authenticate: nothing,
      authorize: nothing,
      validate: nothing,
      execute: nothing,
    },
    refuse: (context, error) => refuseWithJson(platform, context, error),
    log: (context) => logRequest(platform, context),
  };
}

/** A stage of a pipeline that has nothing to do there. */
export const nothing: Stage<EntraContext> = () => {};

/** Answers a refusal in the form that OAuth clients read. */
export function refuseWithJson(platform: Platform, context: EntraContext, error: unknown): void {
  const refusal = refusalOf(context, error);
  const { traceId, correlationId } = context;
  context.answer = {
    status: refusal.status,
    body: tokenErrorBody(refusal, { traceId, correlationId, at: platform.clock.now() }),
    code: `AADSTS${refusal.code}`,
  };
}

/** What a stage threw, as a refusal; an error of our own is reported where the local cloud logs and told as 90033. */
export function refusalOf(context: EntraContext, error: unknown): TokenError {
  context.refusal = error;
  if (error instanceof TokenError) return error;
  console.error(`token service, correlation id ${context.correlationId}:`, error);
  return new TokenError(90033, "invalid_request", 500, "A transient error has occurred. Please try again.");
}

export function logRequest(platform: Platform, context: EntraContext): void {
  const { request, path, route, answer, principalId, correlationId } = context;
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
    ...(principalId === undefined ? {} : { principalId }),
    ...(userAgent === null ? {} : { userAgent }),
    durationMs: performance.now() - context.startedMs,
  });
}
