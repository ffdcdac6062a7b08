import type { IncomingMessage } from "node:http";
import type { Faults } from "../core/faults.ts";
import type { Pipeline } from "../core/pipeline.ts";
import type { Platform } from "../core/platform.ts";
import type { IssuedToken, TokenIssuer } from "../entra/tokens/issue.ts";
import { TokenError } from "../entra/tokens/token-error.ts";
import type { SiteIdentity, SiteRegister } from "./site-register.ts";

/** Every route of the endpoint, as the request log names it. */
export const routes: readonly string[] = ["GET /msi/token"];

/** The one api-version of `IDENTITY_ENDPOINT`; 2017-09-01 belongs to the retired `MSI_ENDPOINT`. */
export const apiVersion = "2019-08-01";

/** One request to the identity endpoint, completed stage by stage. */
export interface IdentityContext {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly correlationId: string;
  readonly startedMs: number;
  route: string;
  site?: SiteIdentity;
  resource?: string;
  answer?: {
    readonly status: number;
    readonly body: Readonly<Record<string, unknown>>;
    readonly code?: string;
  };
}

/** A refusal in App Service's shape. */
class IdentityError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "IdentityError";
    this.status = status;
    this.code = code;
  }
}

export interface IdentityServices {
  readonly platform: Platform;
  readonly issuer: TokenIssuer;
  readonly sites: SiteRegister;
  readonly faults: Faults;
}

/** `GET $IDENTITY_ENDPOINT?resource=…&api-version=2019-08-01` with the header `X-IDENTITY-HEADER`. */
export function identityPipeline({
  platform,
  issuer,
  sites,
  faults,
}: IdentityServices): Pipeline<IdentityContext> {
  return {
    stages: {
      parse(context) {
        const { request, url } = context;
        if (url.pathname !== "/msi/token") {
          throw new IdentityError(404, "NotFound", `The identity endpoint does not serve ${url.pathname}.`);
        }
        if (request.method !== "GET") {
          throw new IdentityError(
            405,
            "MethodNotAllowed",
            `The identity endpoint does not take ${request.method}.`,
          );
        }
        context.route = "GET /msi/token";
      },
      authenticate(context) {
        const header = context.request.headers["x-identity-header"];
        context.site = typeof header === "string" ? sites.find(header) : undefined;
        if (context.site === undefined) {
          throw new IdentityError(
            401,
            "Unauthorized",
            "The header X-IDENTITY-HEADER is missing or is not that of a running site.",
          );
        }
      },
      authorize({ site, url }) {
        if (site === undefined) return;
        if (faults.isOn("identity-endpoint", site.siteId)) {
          throw new IdentityError(
            503,
            "ServiceUnavailable",
            "The identity endpoint of this site is not available.",
          );
        }
        requireSelectedIdentity(site, url.searchParams);
      },
      validate(context) {
        const query = context.url.searchParams;
        const version = query.get("api-version");
        if (version !== apiVersion) {
          throw new IdentityError(
            400,
            "InvalidApiVersion",
            `The api-version ${version === null ? "is missing" : `${version} is not supported`}; use ${apiVersion}.`,
          );
        }
        const resource = query.get("resource");
        if (!resource) throw new IdentityError(400, "MissingResource", "The parameter resource is missing.");
        context.resource = resource;
      },
      execute(context) {
        const { site, resource } = context;
        if (site?.principalId === undefined || resource === undefined) return;
        const token = issuer.issueForManagedIdentity(site.principalId, resource);
        context.answer = { status: 200, body: tokenBody(token) };
      },
    },
    refuse(context, error) {
      const refusal = asRefusal(error, context.correlationId);
      const { status, code, message } = refusal;
      const { correlationId } = context;
      context.answer = { status, code, body: { statusCode: status, message, correlationId } };
    },
    log(context) {
      const { request, url, route, correlationId, answer, site } = context;
      const userAgent = request.headers["user-agent"];
      platform.requestLog.record({
        time: platform.clock.now().toISOString(),
        surface: "managed-identity",
        method: request.method ?? "",
        path: url.pathname,
        route,
        status: answer?.status ?? 500,
        ...(answer?.code === undefined ? {} : { code: answer.code }),
        correlationId,
        ...(site?.principalId === undefined ? {} : { principalId: site.principalId }),
        ...(userAgent === undefined ? {} : { userAgent }),
        durationMs: performance.now() - context.startedMs,
      });
    },
  };
}

/** App Service answers `expires_on` as a string of epoch seconds and no `expires_in`. */
function tokenBody({ accessToken, expiresOn, resource, clientId }: IssuedToken) {
  return {
    access_token: accessToken,
    client_id: clientId,
    expires_on: String(expiresOn),
    resource,
    token_type: "Bearer",
  };
}

/** A site has its system-assigned identity only: whatever selects one must select that. */
function requireSelectedIdentity(site: SiteIdentity, query: URLSearchParams): void {
  if (site.principalId === undefined) {
    throw new IdentityError(400, "IdentityNotFound", "No managed identity is assigned to this site.");
  }
  const selectors: readonly (readonly [string, string | undefined])[] = [
    ["client_id", site.clientId],
    ["object_id", site.principalId],
    ["principal_id", site.principalId],
    ["mi_res_id", site.siteId],
  ];
  for (const [name, own] of selectors) {
    const wanted = query.get(name);
    if (wanted === null || wanted.toLowerCase() === own?.toLowerCase()) continue;
    throw new IdentityError(
      400,
      "IdentityNotFound",
      `No managed identity with this ${name} is assigned to this site.`,
    );
  }
}

function asRefusal(
  error: unknown,
  correlationId: string,
): Pick<IdentityError, "status" | "code" | "message"> {
  if (error instanceof IdentityError) return error;
  if (error instanceof TokenError) {
    return { status: error.status, code: `AADSTS${error.code}`, message: error.message };
  }
  console.error(`identity endpoint, correlation id ${correlationId}:`, error);
  return { status: 500, code: "InternalServerError", message: "The identity endpoint failed." };
}
