import type { ControlPlaneAuthorizer } from "../../arm/surface.ts";
import { readBoundedText } from "../../core/bounded-body.ts";
import type { Pipeline } from "../../core/pipeline.ts";
import type { Platform } from "../../core/platform.ts";
import type { TokenVerifier } from "../../entra/tokens/verify.ts";
import { secretNamePattern } from "../secrets/secret.ts";
import type { VaultSecrets } from "../secrets/vault-secrets.ts";
import { requireApiVersion } from "./api-version.ts";
import { createAuthenticator } from "./authenticate.ts";
import { badParameter, forbiddenByNetwork, forbiddenByRbac, KeyVaultError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { findOperation, scopeOf } from "./operations.ts";
import { refuseUnserved } from "./unserved.ts";

export interface PipelineServices {
  readonly platform: Platform;
  readonly verifier: TokenVerifier;
  readonly authorizer: Pick<ControlPlaneAuthorizer, "authorizeData">;
  readonly secrets: VaultSecrets;
}

const maximumBodyBytes = 256 * 1024;

/** What happens to every request to a vault, in this order. */
export function vaultPipeline({
  platform,
  verifier,
  authorizer,
  secrets,
}: PipelineServices): Pipeline<Exchange> {
  const authenticate = createAuthenticator(platform, verifier);
  return {
    stages: {
      parse(exchange) {
        const { request, url } = exchange;
        // Clients write the current version as an empty last segment.
        const segments = url.pathname.split("/").filter((segment) => segment !== "");
        exchange.segments = segments.map(decodeSegment);
        exchange.target = findOperation(request.method, exchange.segments);
      },

      authenticate(exchange) {
        exchange.caller = authenticate(exchange.request.headers.get("authorization"));
      },

      authorize(exchange) {
        const { vault, sourceAddress, target } = exchange;
        const caller = need(exchange.caller);
        const refusal = vault.networkRules.refuses(sourceAddress);
        if (refusal !== undefined) throw forbiddenByNetwork(refusal, vault, caller, sourceAddress);
        if (target === undefined) return;
        const { dataAction } = target.operation;
        const scope = scopeOf({ vault, name: target.name });
        if (authorizer.authorizeData(caller, dataAction, scope)) return;
        throw forbiddenByRbac(vault, caller, { dataAction, scope });
      },

      async validate(exchange) {
        const { request, url, vault, target } = exchange;
        if (target === undefined) throw refuseUnserved(request.method, need(exchange.segments));
        requireApiVersion(url.searchParams.get("api-version"));
        const { operation, name, version } = target;
        if (operation.template.includes(":name") && !secretNamePattern.test(name)) {
          throw badParameter(`The request URI contains an invalid name: ${name}`);
        }
        const takesBody = request.method === "PUT" || request.method === "PATCH";
        const body = takesBody ? await readBody(request) : undefined;
        exchange.call = { vault, secrets, query: url.searchParams, name, version, body };
      },

      async execute(exchange) {
        exchange.answer = await need(exchange.target).operation.execute(need(exchange.call));
      },
    },

    refuse(exchange, error) {
      const refusal =
        error instanceof KeyVaultError
          ? error
          : new KeyVaultError(500, "InternalServerError", "The vault failed to answer this request.");
      if (refusal !== error) console.error(`key vault, request id ${exchange.requestId}:`, error);
      const { status, code, message, innerCode, headers } = refusal;
      exchange.code = innerCode ?? code;
      exchange.answer = {
        status,
        headers,
        body: {
          error: { code, message, ...(innerCode === undefined ? {} : { innererror: { code: innerCode } }) },
        },
      };
    },

    log({ request, url, target, caller, answer, code, requestId, startedMs }) {
      const userAgent = request.headers.get("user-agent");
      platform.requestLog.record({
        time: platform.clock.now().toISOString(),
        surface: "key-vault",
        method: request.method,
        path: url.pathname,
        route: target?.operation.route ?? "unknown",
        status: answer?.status ?? 500,
        ...(code === undefined ? {} : { code }),
        correlationId: requestId,
        ...(caller === undefined ? {} : { principalId: caller.principalId }),
        ...(userAgent === null ? {} : { userAgent }),
        durationMs: performance.now() - startedMs,
      });
    },
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badParameter("The request URI is not validly percent-encoded.");
  }
}

/** @throws KeyVaultError 400 BadParameter, which quotes nothing of the body: it may hold a value. */
async function readBody(request: Request): Promise<unknown> {
  const text = await readBoundedText(request, maximumBodyBytes);
  if (text === undefined) {
    throw new KeyVaultError(413, "RequestTooLarge", `The body has more than ${maximumBodyBytes} bytes.`);
  }
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badParameter("The body is not valid JSON.");
  }
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a stage read what no earlier stage wrote");
  return value;
}
