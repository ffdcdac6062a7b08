import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ClientSecretCredential } from "@azure/identity";
import type { Clock } from "../core/clock.ts";
import type { Platform } from "../core/platform.ts";
import { type Cloud, startCloud } from "../server.ts";
import { keepRequests, parseRequestLog } from "./request-record.ts";

export interface TestCloud {
  readonly platform: Platform;
  readonly origin: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly deployer: Cloud["deployer"];
  /** Trusts this cloud's authority; verification stays on. */
  readonly agent: Agent;
  /** A credential of the deployer, or of the given application, as any program outside would make it. */
  credential(application?: {
    readonly clientId: string;
    readonly clientSecret: string;
  }): ClientSecretCredential;
  /** Stops the cloud and starts it again on the same state. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A whole local cloud in a temporary folder, over real https on ports of its own.
 *
 * Node reads NODE_EXTRA_CA_CERTS only at start, so in-process clients are given trust through the default CA list
 * (https://nodejs.org/docs/latest-v24.x/api/tls.html#tlssetdefaultcacertificatescerts).
 */
export async function startTestCloud(options: { readonly clock?: Clock } = {}): Promise<TestCloud> {
  const directory = mkdtempSync(join(tmpdir(), "local-azure-"));
  const start = () => startCloud({ directory, ...options });
  let cloud = await start();
  trust(cloud.platform.certificates.caCertificatePem);
  const agent = new Agent({ keepAlive: true, ca: cloud.platform.certificates.caCertificatePem });
  return {
    get platform() {
      return cloud.platform;
    },
    origin: cloud.platform.origin,
    tenantId: cloud.platform.tenantId,
    subscriptionId: cloud.platform.subscriptionId,
    deployer: cloud.deployer,
    agent,
    credential: (application = cloud.deployer) =>
      new ClientSecretCredential(cloud.platform.tenantId, application.clientId, application.clientSecret, {
        authorityHost: cloud.platform.origin,
        disableInstanceDiscovery: true,
      }),
    async restart() {
      await cloud.stop();
      cloud = await start();
    },
    async close() {
      agent.destroy();
      await cloud.stop();
      keepRequests(
        basename(directory),
        parseRequestLog(readFileSync(join(directory, "requests.jsonl"), "utf8")),
      );
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function trust(authorityPem: string): void {
  setDefaultCACertificates([...getCACertificates("default"), authorityPem]);
}
