import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
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
import { startTestIssuer, type TestIssuer } from "./test-issuer.ts";

export interface RunningWorkload {
  readonly origin: string;
  /** Object id of the site's identity. */
  readonly principalId: string;
  readonly issuer: TestIssuer;
  /** Object id of the one listed caller. */
  readonly caller: string;
  /** What the process wrote, a line each. */
  readonly output: readonly string[];
  /** The failures among it. */
  events(): readonly Readonly<Record<string, unknown>>[];
  /** A request by the listed caller. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Stops the endpoint that gives the workload its tokens. */
  stopIdentityEndpoint(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs the published form of the workload as App Service would: a process of its own with an identity endpoint.
 *
 * @param more settings on top, for example those of the access by client secret.
 */
export async function startWorkload(
  cosmos: TestCosmos,
  containers: readonly DeclaredContainer[],
  more: Readonly<Record<string, string>> = {},
): Promise<RunningWorkload> {
  const siteId = `${cosmos.accountId}/sites/orders-api`;
  const { principalId, clientId } = cosmos.entra.directory.createManagedIdentity(siteId, "orders-api");
  const identity = createAppServiceIdentity(cosmos.platform, { issuer: cosmos.entra.issuer });
  await identity.start();
  const { endpoint, header } = identity.register({ siteId, principalId, clientId });
  const issuer = await startTestIssuer(cosmos.platform.certificates);
  const caller = randomUUID();
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
      CALLER_ISSUER: issuer.issuer,
      CALLER_AUDIENCE: issuer.audience,
      CALLER_PRINCIPALS: JSON.stringify([{ name: "deployer", objectId: caller, kind: "principal" }]),
      ...more,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output: string[] = [];
  const origin = `http://127.0.0.1:${await listeningPort(child, output)}`;
  return {
    origin,
    principalId,
    issuer,
    caller,
    output,
    events: () =>
      output
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
        .filter(({ event }) => event === "access-failure"),
    fetch: (path, init = {}) =>
      fetch(`${origin}${path}`, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${issuer.token({ oid: caller })}` },
      }),
    stopIdentityEndpoint: () => identity.stop(),
    async close() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await identity.stop();
      await issuer.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Goes on to collect what the process writes. */
function listeningPort({ stdout }: ChildProcess, output: string[]): Promise<number> {
  if (stdout === null) throw new Error("the process has no standard output");
  const lines = createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      output.push(line);
      const { event, port } = JSON.parse(line) as { event: string; port: number };
      if (event === "listening") resolve(port);
    });
    lines.once("close", () => reject(new Error("the workload ended before it listened")));
  });
}
