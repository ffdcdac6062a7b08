import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { unzipSync } from "fflate";
import { createAppServiceIdentity } from "../../local-azure/managed-identity/app-service.ts";
import type { TestCosmos } from "../../local-azure/testing/test-cosmos.ts";
import { bundleWorkload } from "../bundle.ts";
import type { DeclaredContainer } from "../settings.ts";

export interface RunningWorkload {
  readonly origin: string;
  readonly principalId: string;
  /** Stops the endpoint that gives the workload its tokens. */
  stopIdentityEndpoint(): Promise<void>;
  close(): Promise<void>;
}

/** Runs the published form of the workload as App Service would: a process of its own with an identity endpoint. */
export async function startWorkload(
  cosmos: TestCosmos,
  containers: readonly DeclaredContainer[],
): Promise<RunningWorkload> {
  const siteId = `${cosmos.accountId}/sites/orders-api`;
  const { principalId, clientId } = cosmos.entra.directory.createManagedIdentity(siteId, "orders-api");
  const identity = createAppServiceIdentity(cosmos.platform, { issuer: cosmos.entra.issuer });
  await identity.start();
  const { endpoint, header } = identity.register({ siteId, principalId, clientId });
  const folder = mkdtempSync(join(tmpdir(), "workload-"));
  for (const [name, content] of Object.entries(unzipSync((await bundleWorkload()).zip))) {
    writeFileSync(join(folder, name), content);
  }
  const loopbackOnly = join(import.meta.dirname, "../../local-azure/hosting/runtime/loopback-only.ts");
  const child = spawn(process.execPath, ["--import", loopbackOnly, join(folder, "index.js")], {
    cwd: folder,
    env: {
      PORT: "0",
      HOME: folder,
      IDENTITY_ENDPOINT: endpoint,
      IDENTITY_HEADER: header,
      NODE_EXTRA_CA_CERTS: cosmos.platform.certificates.caFile,
      AZURE_COSMOS_RESOURCEENDPOINT: cosmos.endpoint,
      AZURE_COSMOS_SCOPE: "https://cosmos.azure.com/.default",
      COSMOS_CONTAINERS: JSON.stringify(containers),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    origin: `http://127.0.0.1:${await listeningPort(child)}`,
    principalId,
    stopIdentityEndpoint: () => identity.stop(),
    async close() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await identity.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listeningPort({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error("the process has no standard output");
  for await (const line of createInterface({ input: stdout })) {
    const { event, port } = JSON.parse(line) as { event: string; port: number };
    if (event === "listening") return port;
  }
  throw new Error("the workload ended before it listened");
}
