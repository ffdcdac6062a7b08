import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { ResourceStore } from "../../arm/resource-store.ts";
import type { ControlPlaneAuthorizer } from "../../arm/surface.ts";
import { type HttpsListener, listenHttps } from "../../core/https-listener.ts";
import { runPipeline } from "../../core/pipeline.ts";
import type { Platform } from "../../core/platform.ts";
import type { TokenVerifier } from "../../entra/tokens/verify.ts";
import type { VaultSecrets } from "../secrets/vault-secrets.ts";
import { readVault, type Vault, vaultType } from "../vault.ts";
import type { Exchange } from "./exchange.ts";
import { vaultPipeline } from "./pipeline.ts";

export { routes } from "./operations.ts";

export interface KeyVaultDataPlane {
  /**
   * Listens on the port of every vault, and from then on of every vault that comes.
   *
   * @throws UserError LA-PORT-IN-USE when another program has a vault's port.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface KeyVaultDependencies {
  readonly resources: ResourceStore;
  readonly verifier: TokenVerifier;
  readonly authorizer: Pick<ControlPlaneAuthorizer, "authorizeData">;
  readonly secrets: VaultSecrets;
}

interface OpenVault {
  vault: Vault;
  readonly listener: HttpsListener;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The data plane of all vaults, each over https on its own port; it follows the vaults of resource manager. */
export function createKeyVaultDataPlane(
  platform: Platform,
  { resources, ...services }: KeyVaultDependencies,
): KeyVaultDataPlane {
  const pipeline = vaultPipeline({ platform, ...services });
  const open = new Map<string, OpenVault>();
  let started = false;

  const answer = async (vault: Vault, request: Request, sourceAddress: string): Promise<Response> => {
    const exchange: Exchange = {
      request,
      url: new URL(request.url),
      vault,
      sourceAddress,
      requestId: platform.ids.uuid(),
      startedMs: performance.now(),
    };
    await runPipeline(pipeline, exchange);
    return respond(exchange);
  };

  const listen = async (vault: Vault): Promise<void> => {
    const key = vault.id.toLowerCase();
    const listener = await listenHttps({
      certificates: platform.certificates,
      port: vault.port,
      handler: getRequestListener((request, env) => {
        const { socket } = (env as HttpBindings).incoming;
        const current = open.get(key)?.vault ?? vault;
        return answer(current, request, socket.remoteAddress ?? "");
      }),
    });
    open.set(key, { vault, listener });
  };

  const close = async (key: string): Promise<void> => {
    const closing = open.get(key);
    open.delete(key);
    await closing?.listener.close();
  };

  resources.observe(async (change) => {
    const resource = change.kind === "put" ? change.after : change.before;
    if (!started || resource.type !== vaultType) return;
    const key = resource.id.toLowerCase();
    if (change.kind === "delete") return close(key);
    const vault = readVault(resource);
    const entry = open.get(key);
    if (entry === undefined) return listen(vault);
    entry.vault = vault;
  });

  return {
    async start() {
      started = true;
      for (const resource of resources.list(vaultType)) await listen(readVault(resource));
    },
    async stop() {
      started = false;
      await Promise.all([...open.keys()].map(close));
    },
  };
}

function respond({ request, vault, requestId, answer }: Exchange): Response {
  const { status, body, headers } = answer ?? { status: 500 };
  const clientRequestId = request.headers.get("x-ms-client-request-id") ?? "";
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: {
      "Cache-Control": "no-cache",
      Pragma: "no-cache",
      Expires: "-1",
      "X-Content-Type-Options": "nosniff",
      "x-ms-request-id": requestId,
      "x-ms-keyvault-region": vault.location,
      ...(guid.test(clientRequestId) ? { "x-ms-client-request-id": clientRequestId } : {}),
      ...(body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" }),
      ...headers,
    },
  });
}
