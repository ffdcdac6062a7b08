import { randomInt } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { openResourceStore } from "./arm/resource-store.ts";
import { createArmSurface } from "./arm/surface.ts";
import { loadCertificates } from "./core/certificates.ts";
import { type Clock, systemClock } from "./core/clock.ts";
import { openFaults } from "./core/faults.ts";
import { listenHttps } from "./core/https-listener.ts";
import { type IdSource, randomIds } from "./core/ids.ts";
import { openMovableClock } from "./core/movable-clock.ts";
import type { Platform } from "./core/platform.ts";
import { openPorts } from "./core/ports.ts";
import { fileRequestLog } from "./core/request-log.ts";
import { openStore } from "./core/store.ts";
import { loadTenancy } from "./core/tenancy.ts";
import { createCosmosDataPlane } from "./cosmos/data-plane/surface.ts";
import { createCosmosProvider } from "./cosmos/resource-provider/provider.ts";
import { openDeployer } from "./entra/deployer.ts";
import { createEntraSurface } from "./entra/surface.ts";
import { createGraphSurface } from "./graph/surface.ts";
import { createWebProvider } from "./hosting/resource-provider/provider.ts";
import { createHosting } from "./hosting/surface.ts";
import { createKeyVaultDataPlane } from "./key-vault/data-plane/surface.ts";
import { createKeyVaultProvider } from "./key-vault/resource-provider/provider.ts";
import { openVaultSecrets } from "./key-vault/secrets/vault-secrets.ts";
import { createAppServiceIdentity } from "./managed-identity/app-service.ts";
import { createManagedIdentityProvider } from "./managed-identity/resource-provider/provider.ts";

export interface CloudOptions {
  /** State folder; created with access for its owner only. */
  readonly directory: string;
  /** The time that the cloud's own clock is moved from. */
  readonly clock?: Clock;
  readonly ids?: IdSource;
}

export interface Cloud {
  readonly platform: Platform;
  /** The service principal that owns the subscription; `exec` hands it to commands. */
  readonly deployer: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly principalId: string;
  };
  /** Takes over what another process wrote to the store: faults and the time. */
  reload(): void;
  stop(): Promise<void>;
}

/**
 * Starts every surface of the local cloud on loopback and answers when all of them accept connections.
 *
 * @throws UserError LA-STATE-VERSION, LA-PORT-IN-USE, LA-PORTS-EXHAUSTED, LA-VAULT-KEY.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { directory, clock: machineClock = systemClock, ids = randomIds } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const undo of stops.splice(0).reverse()) await undo();
  };
  try {
    const store = openStore(join(directory, "state.sqlite"));
    stops.push(() => store.close());
    const requestLog = fileRequestLog(join(directory, "requests.jsonl"));
    stops.push(() => requestLog.close());
    const clock = openMovableClock(store, machineClock);
    const ports = openPorts(store, (below) => randomInt(below));
    const mainPort = await ports.claim("main");
    const platform: Platform = {
      directory,
      store,
      clock,
      ids,
      // Clients check certificates by their own time, however far the cloud's was moved.
      certificates: await loadCertificates(directory, machineClock, ids),
      ports,
      requestLog,
      faults: openFaults(store),
      origin: `https://localhost:${mainPort}`,
      ...loadTenancy(store, ids),
    };
    const resources = openResourceStore(store);
    const entra = createEntraSurface(platform, {
      isCosmosAccountOrigin: (origin) => cosmosAccountOrigins(resources).includes(origin),
    });
    const { directory: principals, verifier, issuer } = entra;
    const graph = createGraphSurface(platform, { directory: principals, verifier });
    const identity = createAppServiceIdentity(platform, { issuer });
    const secrets = openVaultSecrets(platform, resources);
    const arm = createArmSurface(platform, {
      verifier,
      directory: principals,
      resources,
      owner: entra.deployer.principalId,
      providers: [
        (services) => createCosmosProvider(platform, services, { directory: principals }),
        (services) => createWebProvider(platform, services, { directory: principals }),
        (services) => createKeyVaultProvider(platform, services, { secrets }),
        (services) => createManagedIdentityProvider(platform, services, { directory: principals }),
      ],
    });
    const surfaces = [
      identity,
      createCosmosDataPlane(platform, { resources, verifier }),
      createKeyVaultDataPlane(platform, { resources, verifier, authorizer: arm.authorizer, secrets }),
      createHosting(platform, { resources, verifier, authorizer: arm.authorizer, identity }),
    ];
    for (const surface of surfaces) {
      stops.push(() => surface.stop());
      await surface.start();
    }
    const answerAt = (request: Request, env: Parameters<typeof entra.app.fetch>[1]) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/graph/")) return graph.app.fetch(request);
      if (resourceManagerPath.test(pathname)) return arm.app.fetch(request);
      return entra.app.fetch(request, env);
    };
    const frontDoor = getRequestListener(async (request, env) => {
      const answer = await answerAt(request, env);
      // Node would write the machine's time, and clients compare their clock with this one.
      answer.headers.set("Date", clock.now().toUTCString());
      return answer;
    });
    const listener = await listenHttps({
      certificates: platform.certificates,
      port: mainPort,
      handler: frontDoor,
    });
    stops.push(() => listener.close());
    let { deployer } = entra;
    return {
      platform,
      get deployer() {
        return deployer;
      },
      reload() {
        platform.faults.reload();
        clock.reload();
        // The moved clock may have passed the end of its secret.
        deployer = openDeployer(platform, principals);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const resourceManagerPath = /^\/+(subscriptions|providers|tenants|metadata)(\/|$)/i;

function cosmosAccountOrigins(resources: ReturnType<typeof openResourceStore>): string[] {
  return resources
    .list("Microsoft.DocumentDB/databaseAccounts")
    .map((account) => `https://localhost:${Number(account.internal.port)}`);
}
