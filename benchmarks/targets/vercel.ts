import { createRequire } from "node:module";
import type { AddressInfo, Server } from "node:net";
import { loadCertificates } from "../../local-azure/core/certificates.ts";
import { systemClock } from "../../local-azure/core/clock.ts";
import { randomIds } from "../../local-azure/core/ids.ts";
import { reportReady } from "./report-usage.ts";

interface Peer {
  createHttpsServer(options: { key: string; cert: string; keepAlive: boolean }): Server;
}

const { createHttpsServer } = createRequire(import.meta.url)("@vercel/cosmosdb-server") as Peer;
const [, , folder = ""] = process.argv;
const { keyPem, chainPem, caCertificatePem } = await loadCertificates(folder, systemClock, randomIds);
// The certificate that the package ships has expired: it is served under one that clients can verify.
const server = createHttpsServer({ key: keyPem, cert: chainPem, keepAlive: true });
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  reportReady({ endpoint: `https://localhost:${port}`, ca: caCertificatePem, key: "dGVzdA==" }, () =>
    process.exit(0),
  );
});
