import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ClientSecretCredential } from "@azure/identity";
import { startCloud } from "../../local-azure/server.ts";
import { reportReady } from "./report-usage.ts";

/** This project's cloud with everything on: token checks, data-plane RBAC, durable writes, the request log. */
const directory = mkdtempSync(join(tmpdir(), "bench-"));
const cloud = await startCloud({ directory });
const { origin, certificates, subscriptionId, tenantId } = cloud.platform;
setDefaultCACertificates([...getCACertificates("default"), certificates.caCertificatePem]);
const { clientId, clientSecret, principalId } = cloud.deployer;
const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
  authorityHost: origin,
  disableInstanceDiscovery: true,
});
const group = `/subscriptions/${subscriptionId}/resourceGroups/bench`;
const account = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/bench`;

async function put(id: string, apiVersion: string, body: object): Promise<Record<string, unknown>> {
  const { token } = await credential.getToken(`${origin}/.default`);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const url = `${origin}${id}?api-version=${apiVersion}`;
  const response = await fetch(url, { method: "PUT", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`PUT ${id}: ${response.status} ${await response.text()}`);
  for (let read = await fetch(url, { headers }); ; read = await fetch(url, { headers })) {
    const resource = (await read.json()) as {
      properties?: { provisioningState?: string } & Record<string, unknown>;
    };
    const state = resource.properties?.provisioningState ?? "Succeeded";
    if (read.ok && state === "Succeeded") return resource.properties ?? {};
  }
}

const cosmosApi = "2025-10-15";
const location = "westeurope";
await put(group, "2024-03-01", { location });
const { documentEndpoint } = await put(account, cosmosApi, {
  location,
  properties: {
    databaseAccountOfferType: "Standard",
    disableLocalAuth: true,
    locations: [{ locationName: location }],
  },
});
await put(`${account}/sqlDatabases/bench`, cosmosApi, { properties: { resource: { id: "bench" } } });
for (const id of ["small", "large", "batches", "warmup"]) {
  const resource = { id, partitionKey: { paths: ["/pk"], kind: "Hash", version: 2 } };
  await put(`${account}/sqlDatabases/bench/containers/${id}`, cosmosApi, { properties: { resource } });
}
await put(`${account}/sqlRoleAssignments/11111111-1111-4111-8111-111111111111`, cosmosApi, {
  properties: {
    principalId,
    roleDefinitionId: `${account}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`,
    scope: account,
  },
});
const { token } = await credential.getToken("https://cosmos.azure.com/.default");
reportReady({ endpoint: String(documentEndpoint), ca: certificates.caCertificatePem, token }, () => {
  void cloud.stop().then(() => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(0);
  });
});
