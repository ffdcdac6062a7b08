import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ClientSecretCredential } from "@azure/identity";
import { getRequestListener } from "@hono/node-server";
import { loadCertificates } from "../../core/certificates.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import { listenHttps } from "../../core/https-listener.ts";
import { randomIds } from "../../core/ids.ts";
import type { Platform } from "../../core/platform.ts";
import { openPorts } from "../../core/ports.ts";
import type { RequestLogEntry } from "../../core/request-log.ts";
import { openStore } from "../../core/store.ts";
import { loadTenancy } from "../../core/tenancy.ts";
import { createCosmosProvider } from "../../cosmos/resource-provider/provider.ts";
import { createEntraSurface, type EntraSurface } from "../../entra/surface.ts";
import { openResourceStore, type ResourceStore } from "../resource-store.ts";
import { createArmSurface } from "../surface.ts";

/** An application of the directory with its service principal and a secret. */
export interface TestPrincipal {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly principalId: string;
  /** Object id of the application, which is no principal. */
  readonly applicationId: string;
}

/** Resource manager with the token service and Cosmos DB's control plane, over https, without any data plane. */
export interface TestResourceManager {
  readonly platform: Platform;
  readonly entra: EntraSurface;
  readonly resources: ResourceStore;
  readonly log: readonly RequestLogEntry[];
  /** Options for an SDK client of this resource manager. */
  readonly clientOptions: { readonly endpoint: string; readonly credentials: { readonly scopes: string[] } };
  credential(principal?: {
    readonly clientId: string;
    readonly clientSecret: string;
  }): ClientSecretCredential;
  createPrincipal(name: string): TestPrincipal;
  /** A token for resource manager. */
  token(principalId?: string): string;
  /** A request without any SDK; `body` is sent as JSON. */
  request(method: string, path: string, options?: RequestOptions): Promise<TestAnswer>;
  /** Stops and starts again on the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export async function startResourceManager(
  options: { readonly clock?: Clock } = {},
): Promise<TestResourceManager> {
  const directory = mkdtempSync(join(tmpdir(), "resource-manager-"));
  const log: RequestLogEntry[] = [];
  const start = () => startOnce(directory, options.clock ?? systemClock, log);
  let running = await start();
  setDefaultCACertificates([...getCACertificates("default"), running.platform.certificates.caCertificatePem]);
  const token = (principalId = running.entra.deployer.principalId) => {
    const principal = running.entra.directory.find(principalId);
    if (principal === undefined) throw new Error(`no principal ${principalId}`);
    return running.entra.issuer.issueForClient(
      principal,
      running.entra.resources.resolve("https://management.azure.com"),
    ).accessToken;
  };
  return {
    get platform() {
      return running.platform;
    },
    get entra() {
      return running.entra;
    },
    get resources() {
      return running.resources;
    },
    log,
    clientOptions: {
      endpoint: running.platform.origin,
      credentials: { scopes: ["https://management.azure.com/.default"] },
    },
    token,
    credential: (principal = running.entra.deployer) =>
      new ClientSecretCredential(running.platform.tenantId, principal.clientId, principal.clientSecret, {
        authorityHost: running.platform.origin,
        disableInstanceDiscovery: true,
      }),
    createPrincipal(displayName) {
      const { directory: tenant } = running.entra;
      const application = tenant.create({ type: "application", displayName });
      const appId = application.appId ?? "";
      const principal = tenant.create({ type: "servicePrincipal", displayName, appId });
      const { secretText } = tenant.passwords.add(application.id, { displayName });
      return {
        clientId: appId,
        clientSecret: secretText,
        principalId: principal.id,
        applicationId: application.id,
      };
    },
    async request(method, path, { body, token: bearer = token(), headers = {} } = {}) {
      const response = await fetch(`${running.platform.origin}${path}`, {
        method,
        headers: {
          ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === "" ? undefined : JSON.parse(text),
      };
    },
    async restart() {
      await running.stop();
      running = await start();
    },
    async close() {
      await running.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startOnce(directory: string, clock: Clock, log: RequestLogEntry[]) {
  const store = openStore(join(directory, "state.sqlite"));
  const ids = randomIds;
  const ports = openPorts(store, (below) => randomInt(below));
  const port = await ports.claim("main");
  const platform: Platform = {
    directory,
    store,
    clock,
    ids,
    certificates: await loadCertificates(directory, clock, ids),
    ports,
    requestLog: { record: (entry) => log.push(entry), close: () => {} },
    origin: `https://localhost:${port}`,
    ...loadTenancy(store, ids),
  };
  const resources = openResourceStore(store);
  const entra = createEntraSurface(platform, { isCosmosAccountOrigin: () => false });
  const arm = createArmSurface(platform, {
    verifier: entra.verifier,
    directory: entra.directory,
    resources,
    owner: entra.deployer.principalId,
    providers: [(services) => createCosmosProvider(platform, services, { directory: entra.directory })],
  });
  const listener = await listenHttps({
    certificates: platform.certificates,
    port,
    handler: getRequestListener((request) =>
      /^\/+(subscriptions|providers|tenants|metadata)(\/|$)/i.test(new URL(request.url).pathname)
        ? arm.app.fetch(request)
        : entra.app.fetch(request),
    ),
  });
  return {
    platform,
    entra,
    resources,
    async stop() {
      await listener.close();
      store.close();
    },
  };
}
