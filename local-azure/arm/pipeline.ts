import type { Pipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { TokenVerifier, VerifiedToken } from "../entra/tokens/verify.ts";
import { createAuthenticator } from "./authentication.ts";
import type { ControlPlaneAuthorizer } from "./authorization/authorizer.ts";
import { authorizationFailed, missingSubscription, subscriptionNotFound } from "./errors.ts";
import { type ArmRequest, readBody, readRequest } from "./request.ts";
import { type ArmAnswer, type ArmCall, ArmError } from "./resource-provider.ts";
import type { ResourceStore } from "./resource-store.ts";
import type { Route, RouteLookup, RouteMatch, RouteTable } from "./route-table.ts";
import { refuseUnknownPath } from "./unknown-path.ts";
import { validateCall } from "./validation.ts";

/** One request to resource manager, completed stage by stage. */
export interface ArmContext {
  readonly request: Request;
  readonly correlationId: string;
  readonly requestId: string;
  readonly startedMs: number;
  parsed?: ArmRequest;
  lookup?: RouteLookup;
  principal?: VerifiedToken;
  /** A list that the caller may not read as a whole: it is shown what it may read of it. */
  filterByRead?: boolean;
  call?: ArmCall;
  answer?: ArmAnswer;
  code?: string;
}

export interface PipelineServices {
  readonly platform: Platform;
  readonly verifier: TokenVerifier;
  readonly authorizer: ControlPlaneAuthorizer;
  readonly resources: ResourceStore;
  readonly table: RouteTable;
}

/** What happens to every request, in this order. */
export function armPipeline(services: PipelineServices): Pipeline<ArmContext> {
  const { platform, authorizer, resources, table } = services;
  const authenticate = createAuthenticator(platform, services.verifier);
  const validated = (context: ArmContext, body: unknown): ArmCall => {
    const { method, query, headers } = need(context.parsed);
    const { principalId } = need(context.principal);
    const { route, parameters } = needMatch(context.lookup);
    const id = canonicalId(route, parameters, resources);
    return validateCall({
      route,
      resources,
      body,
      draft: {
        method,
        id,
        parameters,
        query,
        headers,
        principalId,
        groupIds: authorizer.groupsOf(need(context.principal)),
        correlationId: context.correlationId,
        existing: resources.get(id),
      },
    });
  };
  return {
    stages: {
      parse(context) {
        const parsed = readRequest(context.request);
        context.parsed = parsed;
        context.lookup = table.find(parsed.method, parsed.segments);
      },

      authenticate(context) {
        context.principal = authenticate(need(context.parsed).headers.authorization);
      },

      authorize(context) {
        const { path, segments } = need(context.parsed);
        const principal = need(context.principal);
        if (segments[0]?.toLowerCase() === "subscriptions" && segments[1] !== undefined) {
          if (segments[1].toLowerCase() !== platform.subscriptionId) throw subscriptionNotFound(segments[1]);
        } else if (!/^\/(subscriptions|providers|tenants)(\/|$)/i.test(path)) {
          throw missingSubscription();
        }
        const lookup = need(context.lookup);
        if (lookup.kind !== "match" || lookup.route.row.authenticatedOnly) return;
        const { route, parameters } = lookup;
        const action = route.action.replace(/\{(\w+)\}/g, (_, name: string) => parameters[name] ?? "");
        const scope = scopeOf(route.kind, resourcePath(segments, route.suffixLength));
        if (authorizer.authorize(principal, action, scope)) return;
        const ids = [principal.principalId, ...authorizer.groupsOf(principal)];
        context.filterByRead = route.kind === "list" && authorizer.hasRoleWithin(ids, scope);
        if (context.filterByRead) return;
        throw authorizationFailed({
          client: principal.appId ?? principal.principalId,
          objectId: principal.principalId,
          action,
          scope,
        });
      },

      async validate(context) {
        const parsed = need(context.parsed);
        const lookup = need(context.lookup);
        if (lookup.kind !== "match") throw refuseUnknownPath(parsed, lookup, table);
        const takesBody = !["GET", "HEAD", "DELETE"].includes(parsed.method);
        const body = takesBody ? await readBody(context.request) : undefined;
        context.call = validated(context, body);
      },

      async execute(context) {
        const { route } = needMatch(context.lookup);
        const checked = need(context.call);
        // Another request may have changed the resource since it was checked: what the handler sees is of this moment.
        const unchanged = resources.get(checked.id)?.etag === checked.existing?.etag;
        const call = unchanged ? checked : validated(context, checked.body);
        const answer = await route.handler(call);
        if (context.filterByRead) {
          context.answer = readable(answer, route.action, need(context.principal), authorizer);
        } else if (route.kind === "head" && route.row.head === undefined) {
          context.answer = { status: 204 };
        } else {
          const etag = route.kind === "get" ? call.existing?.etag : undefined;
          context.answer =
            etag === undefined ? answer : { ...answer, headers: { ETag: `"${etag}"`, ...answer.headers } };
        }
      },
    },

    refuse(context, error) {
      const refusal = error instanceof ArmError ? error : internalError();
      if (!(error instanceof ArmError)) {
        console.error(`resource manager, correlation id ${context.correlationId}:`, error);
      }
      const { status, code, message, details, headers } = refusal;
      context.code = code;
      context.answer = {
        status,
        headers: { ...headers, "x-ms-failure-cause": "gateway" },
        body: { error: { code, message, ...(details === undefined ? {} : { details }) } },
      };
    },

    log(context) {
      const { request, lookup, answer, code, correlationId, principal } = context;
      const userAgent = request.headers.get("user-agent");
      platform.requestLog.record({
        time: platform.clock.now().toISOString(),
        surface: "arm",
        method: request.method,
        path: context.parsed?.path ?? "/",
        route: lookup?.kind === "match" ? lookup.route.name : "unknown",
        status: answer?.status ?? 500,
        ...(code === undefined ? {} : { code }),
        correlationId,
        ...(principal === undefined ? {} : { principalId: principal.principalId }),
        ...(userAgent === null ? {} : { userAgent }),
        durationMs: performance.now() - context.startedMs,
      });
    },
  };
}

/** The id of the resource that a path is on: an action's suffix is not part of it. */
function resourcePath(segments: readonly string[], suffixLength: number): string {
  return `/${segments.slice(0, segments.length - suffixLength).join("/")}`;
}

/**
 * The id of the called resource in the spelling that is kept: type names as the type has them, the names of its group and
 * of the resources above it as they were first written.
 */
function canonicalId(
  { template, suffixLength }: Route,
  parameters: RouteMatch["parameters"],
  resources: ResourceStore,
): string {
  const segments = template.slice(0, template.length - suffixLength).map((segment) => {
    return segment.startsWith("{") ? (parameters[segment.slice(1, -1)] ?? "") : segment;
  });
  const id = `/${segments.filter((segment) => segment !== "").join("/")}`;
  const parts = id.split("/");
  for (let length = parts.length; length > 4; length -= 1) {
    const above = resources.get(parts.slice(0, length).join("/"));
    if (above !== undefined) return [above.id, ...parts.slice(length)].join("/");
  }
  return id;
}

/** A collection is decided at what holds it: `…/resourceGroups/a` for `…/resourceGroups/a/providers/X/y`. */
function scopeOf(kind: string, path: string): string {
  if (kind !== "list") return path;
  return (
    path.replace(/\/providers\/[^/]+\/[^/]+$/i, "").replace(/\/resourceGroups$|\/resources$/i, "") || "/"
  );
}

/** The items of a list that the caller may read one by one. */
function readable(
  answer: ArmAnswer,
  action: string,
  principal: VerifiedToken,
  authorizer: ControlPlaneAuthorizer,
): ArmAnswer {
  const { body } = answer;
  if (typeof body !== "object" || body === null || !("value" in body) || !Array.isArray(body.value)) {
    return answer;
  }
  const mayRead = (item: { readonly id?: string; readonly type?: string }) =>
    item.id !== undefined &&
    authorizer.authorize(
      principal,
      /\/resources\/read$/i.test(action) ? `${item.type}/read` : action,
      item.id,
    );
  return { ...answer, body: { ...body, value: body.value.filter(mayRead) } };
}

function internalError(): ArmError {
  return new ArmError(
    500,
    "InternalServerError",
    "The server encountered an internal error. Please try again.",
  );
}

function needMatch(lookup: RouteLookup | undefined): Extract<RouteLookup, { kind: "match" }> {
  if (lookup?.kind !== "match") throw new Error("a stage ran without a route");
  return lookup;
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a stage read what no earlier stage wrote");
  return value;
}
