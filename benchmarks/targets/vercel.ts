import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCertificates } from "../../local-azure/core/certificates.ts";
import { systemClock } from "../../local-azure/core/clock.ts";
import { randomIds } from "../../local-azure/core/ids.ts";
import { reportReady } from "./report-usage.ts";

interface Peer {
  createHttpServer(options: { keepAlive: boolean }): { listeners(event: "request"): RequestListener[] };
}

const { createHttpServer } = createRequire(import.meta.url)("@vercel/cosmosdb-server") as Peer;
const [handler] = createHttpServer({ keepAlive: true }).listeners("request");
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const { keyPem, chainPem, caCertificatePem } = await loadCertificates(folder, systemClock, randomIds);
// The certificate that the package ships has expired, so its handler is served under one that clients can verify.
const server = createServer({ key: keyPem, cert: chainPem }, handler);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  };
  reportReady({ endpoint: `https://localhost:${port}`, ca: caCertificatePem, key: "dGVzdA==" }, stop);
});
