import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCertificates } from "../../core/certificates.ts";
import { systemClock } from "../../core/clock.ts";
import { listenHttps } from "../../core/https-listener.ts";
import { randomIds } from "../../core/ids.ts";

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

/** An answer that stands in for the stored resource once. */
export interface ScriptedAnswer {
  readonly method: string;
  /** Found in the path. */
  readonly path: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Also store the request's body as the resource, as an accepted PUT does. */
  readonly store?: boolean;
}

/**
 * A very small resource manager with its metadata and token service: it stores what is PUT. It stands in for Azure
 * where a test needs an answer that the local cloud never gives, such as an operation that fails half-way.
 */
export interface LoopbackArm {
  readonly origin: string;
  readonly host: string;
  readonly caFile: string;
  readonly caCertificatePem: string;
  readonly requests: RecordedRequest[];
  readonly resources: Map<string, Record<string, unknown>>;
  readonly script: ScriptedAnswer[];
  /** The environment of a provider that uses it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export const tenantId = "11111111-1111-4111-8111-111111111111";
export const subscriptionId = "22222222-2222-4222-8222-222222222222";
export const clientId = "33333333-3333-4333-8333-333333333333";
export const objectId = "44444444-4444-4444-8444-444444444444";

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function send(
  response: ServerResponse,
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function token(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ appid: clientId, oid: objectId, tid: tenantId })}.`;
}

function typeOfPath(path: string): string {
  const parts = (path.split("/providers/").at(-1) ?? "").split("/");
  return path.includes("/providers/")
    ? [parts[0], ...parts.slice(1).filter((_, index) => index % 2 === 0)].join("/")
    : "Microsoft.Resources/resourceGroups";
}

/** Starts it on a free port. */
export async function startLoopbackArm(): Promise<LoopbackArm> {
  const directory = mkdtempSync(join(tmpdir(), "loopback-arm-"));
  const certificates = await loadCertificates(directory, systemClock, randomIds);
  const requests: RecordedRequest[] = [];
  const resources = new Map<string, Record<string, unknown>>();
  const script: ScriptedAnswer[] = [];
  let origin = "";

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", origin);
    const method = request.method ?? "GET";
    const text = await bodyOf(request);
    if (url.pathname === "/metadata/endpoints") {
      return send(response, 200, {
        name: "LoopbackArm",
        resourceManager: `${origin}/`,
        microsoftGraphResourceId: `${origin}/graph`,
        authentication: { loginEndpoint: origin, audiences: [`${origin}/`] },
        suffixes: { keyVaultDns: "vault.localhost" },
      });
    }
    if (url.pathname.endsWith("/.well-known/openid-configuration")) {
      return send(response, 200, { token_endpoint: `${origin}/${tenantId}/oauth2/v2.0/token` });
    }
    const isToken = url.pathname.endsWith("/oauth2/v2.0/token");
    const body: unknown =
      text === "" ? undefined : isToken ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
    requests.push({
      method,
      path: url.pathname,
      query: url.searchParams,
      body,
      authorization: request.headers.authorization,
    });
    if (isToken)
      return send(response, 200, { access_token: token(), expires_in: 3600, token_type: "Bearer" });
    answer(method, url.pathname, body as Record<string, unknown> | undefined, response);
  };

  const answer = (
    method: string,
    path: string,
    body: Record<string, unknown> | undefined,
    response: ServerResponse,
  ) => {
    const key = path.toLowerCase();
    const store = () => {
      const known = resources.get(key);
      const stored = {
        ...body,
        id: path,
        name: decodeURIComponent(path.split("/").at(-1) ?? ""),
        type: typeOfPath(path),
      };
      resources.set(key, stored);
      return { stored, created: known === undefined };
    };
    const scripted = script.findIndex((entry) => entry.method === method && path.includes(entry.path));
    const [entry] = scripted < 0 ? [] : script.splice(scripted, 1);
    if (entry !== undefined) {
      if (entry.store === true) store();
      const headers = Object.fromEntries(
        Object.entries(entry.headers ?? {}).map(([name, value]) => [name, value.replace("{origin}", origin)]),
      );
      return send(response, entry.status, entry.body, headers);
    }
    if (method === "PUT" || method === "PATCH") {
      const { stored, created } = store();
      return send(response, created ? 201 : 200, stored);
    }
    const known = resources.get(method === "POST" ? key.replace(/\/list$/, "") : key);
    if (method === "DELETE") {
      resources.delete(key);
      return send(response, known === undefined ? 204 : 200);
    }
    if (known !== undefined) return send(response, 200, known);
    if (path.endsWith("/config/web")) return send(response, 200, { id: path, properties: {} });
    return send(response, 404, {
      error: { code: "ResourceNotFound", message: `The Resource '${path}' was not found.` },
    });
  };

  const listener = await listenHttps({
    certificates,
    port: 0,
    handler: (request, response) => {
      handle(request, response).catch((error: unknown) =>
        send(response, 500, { error: { message: String(error) } }),
      );
    },
  });
  origin = `https://localhost:${listener.port}`;
  return {
    origin,
    host: `localhost:${listener.port}`,
    caFile: certificates.caFile,
    caCertificatePem: certificates.caCertificatePem,
    requests,
    resources,
    script,
    environment: {
      ARM_METADATA_HOSTNAME: `localhost:${listener.port}`,
      ARM_SUBSCRIPTION_ID: subscriptionId,
      ARM_TENANT_ID: tenantId,
      ARM_CLIENT_ID: clientId,
      ARM_CLIENT_SECRET: "not-a-real-secret",
      ARM_DISABLE_INSTANCE_DISCOVERY: "true",
      NODE_EXTRA_CA_CERTS: certificates.caFile,
    },
    async close() {
      await listener.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
