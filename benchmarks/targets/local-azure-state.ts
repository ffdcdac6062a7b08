import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ClientSecretCredential } from "@azure/identity";
import { startCloud } from "../../local-azure/server.ts";
import { makeItem } from "../item.ts";

/**
 * Makes the state that `local-azure.ts` is measured on, in the folder that is the one argument: an account with its
 * containers, a grant on it and one item, all through the cloud's own interfaces, and `ready.json` for the client.
 */
const [, , directory = ""] = process.argv;
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
const first = makeItem(0);
const endpoint = String(documentEndpoint);
const created = await fetch(`${endpoint}dbs/bench/colls/warmup/docs`, {
  method: "POST",
  headers: {
    authorization: encodeURIComponent(`type=aad&ver=1.0&sig=${token}`),
    "content-type": "application/json",
    "x-ms-documentdb-partitionkey": JSON.stringify([first.pk]),
  },
  body: JSON.stringify(first),
});
if (created.status !== 201) throw new Error(`the first item: ${created.status} ${await created.text()}`);
writeFileSync(
  join(directory, "ready.json"),
  JSON.stringify({ endpoint, ca: certificates.caCertificatePem, token }),
  { mode: 0o600 },
);
await cloud.stop();
process.exit(0);
