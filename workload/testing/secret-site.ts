import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { CosmosDBManagementClient } from "@azure/arm-cosmosdb";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import type { MovableClock } from "../../local-azure/core/movable-clock.ts";
import { siteFolder } from "../../local-azure/hosting/site-folder.ts";
import { eventually } from "../../local-azure/hosting/testing/eventually.ts";
import {
  type HttpsAnswer,
  location,
  resourceGroup,
  startHostingCloud,
} from "../../local-azure/hosting/testing/hosting-cloud.ts";
import { bundleWorkload } from "../bundle.ts";
import { startTestIssuer } from "./test-issuer.ts";

const secretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
const dataReader = "00000000-0000-0000-0000-000000000001";
const secretName = "orders-api-client-secret";
const soon = { updateIntervalInMs: 5 };

/** A password of the registration. */
export interface MadePassword {
  readonly keyId: string;
  readonly value: string;
  readonly endsAt: Date;
}

/** The workload published to a site of a whole local cloud, with access by a client secret out of a real vault. */
export interface SecretSite {
  /** Client id and service principal of the registration whose secret it is. */
  readonly clientId: string;
  readonly clientPrincipalId: string;
  readonly sitePrincipalId: string;
  readonly scope: string;
  readonly vaultSecret: string;
  /** Makes a password through Microsoft Graph that ends so many days after the cloud's time now. */
  addPassword(days: number): Promise<MadePassword>;
  removePassword(password: MadePassword): Promise<void>;
  /** Puts a password into the vault, as the next version of the secret. */
  place(password: MadePassword): Promise<void>;
  /** Lets the site's identity read the secret, or takes that away. */
  allowReading(allowed: boolean): Promise<void>;
  /** Moves the cloud's clock, not the workload's. */
  advanceDays(days: number): void;
  /** Lists items as the listed caller. */
  read(): Promise<HttpsAnswer>;
  /** The failures that the site logged so far. */
  events(): readonly Readonly<Record<string, unknown>>[];
  /** Everything that the site wrote. */
  log(): string;
  close(): Promise<void>;
}

/** Starts it with no secret in the vault yet. */
export async function startSecretSite(): Promise<SecretSite> {
  const hosting = await startHostingCloud();
  const { cloud, web } = hosting;
  const { origin, subscriptionId, tenantId, platform } = cloud;
  const options = { endpoint: origin, credentials: { scopes: ["https://management.azure.com/.default"] } };
  const cosmos = new CosmosDBManagementClient(cloud.credential(), subscriptionId, options);
  // A client keeps its token, which ends when the cloud's clock is moved.
  const vaults = () => new KeyVaultManagementClient(cloud.credential(), subscriptionId, options);
  const issuer = await startTestIssuer(platform.certificates);
  const caller = randomUUID();

  const account = await cosmos.databaseAccounts.createOrUpdate(
    resourceGroup,
    "secret-shop",
    {
      location,
      databaseAccountOfferType: "Standard",
      locations: [{ locationName: location }],
      disableLocalAuth: true,
    },
    soon,
  );
  const { sqlResources } = cosmos;
  await sqlResources.createUpdateSqlDatabase(
    resourceGroup,
    "secret-shop",
    "orders",
    { resource: { id: "orders" } },
    soon,
  );
  await sqlResources.createUpdateSqlContainer(
    resourceGroup,
    "secret-shop",
    "orders",
    "carts",
    { resource: { id: "carts", partitionKey: { paths: ["/tenantId"], kind: "Hash" } } },
    soon,
  );
  const registration = await hosting.application("orders-api-client-secret");
  await sqlResources.createUpdateSqlRoleAssignment(
    resourceGroup,
    "secret-shop",
    randomUUID(),
    {
      principalId: registration.principalId,
      scope: account.id ?? "",
      roleDefinitionId: `${account.id}/sqlRoleDefinitions/${dataReader}`,
    },
    soon,
  );
  const vault = await vaults().vaults.createOrUpdate(
    resourceGroup,
    "secret-vault",
    {
      location,
      properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
    },
    soon,
  );
  const site = await hosting.site("orders-api");
  const vaultUri = vault.properties.vaultUri ?? "";
  await web.webApps.updateApplicationSettings(resourceGroup, "orders-api", {
    properties: {
      AZURE_COSMOS_RESOURCEENDPOINT: account.documentEndpoint ?? "",
      AZURE_COSMOS_SCOPE: "https://cosmos.azure.com/.default",
      COSMOS_CONTAINERS: JSON.stringify([{ database: "orders", name: "carts", partitionKey: ["/tenantId"] }]),
      CALLER_ISSUER: issuer.issuer,
      CALLER_AUDIENCE: issuer.audience,
      CALLER_PRINCIPALS: JSON.stringify([{ name: "deployer", objectId: caller, kind: "principal" }]),
      AZURE_COSMOS_CLIENTID: registration.clientId,
      AZURE_COSMOS_TENANTID: tenantId,
      AZURE_COSMOS_AUTHORITY: origin,
      AZURE_KEYVAULT_RESOURCEENDPOINT: vaultUri,
      COSMOS_CLIENT_SECRET_NAME: secretName,
    },
  });
  const published = await hosting.https(`${site.scmUrl}/api/publish?type=zip`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await hosting.token()}`,
      "content-type": "application/octet-stream",
    },
    body: (await bundleWorkload()).zip,
  });
  if (published.status !== 200) throw new Error(`publishing answered ${published.status} ${published.text}`);
  await eventually(
    () => hosting.https(`${site.url}/health`),
    ({ status }) => status === 200,
  );

  const scope = `${vault.id}/secrets/${secretName}`;
  const assignment = randomUUID();
  const graph = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const answer = await hosting.https(
      `${origin}/graph/v1.0/applications(appId='${registration.clientId}')/${path}`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${await hosting.token(`${origin}/graph/.default`)}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(body),
      },
    );
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status} ${answer.text}`);
    return answer.text === "" ? {} : (JSON.parse(answer.text) as Record<string, string>);
  };
  const clock = platform.clock as MovableClock;
  const logFile = siteFolder(platform.directory, "orders-api").logFile;
  const log = () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  return {
    clientId: registration.clientId,
    clientPrincipalId: registration.principalId,
    sitePrincipalId: site.principalId,
    scope,
    vaultSecret: `${vaultUri.replace(/\/$/, "")}/secrets/${secretName}`,
    async addPassword(days) {
      const endsAt = new Date(clock.nowMs() + days * 86_400_000);
      const made = await graph("addPassword", { passwordCredential: { endDateTime: endsAt.toISOString() } });
      return { keyId: made.keyId ?? "", value: made.secretText ?? "", endsAt };
    },
    async removePassword({ keyId }) {
      await graph("removePassword", { keyId });
    },
    async place({ value, endsAt }) {
      await vaults().secrets.createOrUpdate(resourceGroup, "secret-vault", secretName, {
        properties: { value, attributes: { expires: endsAt } },
      });
    },
    async allowReading(allowed) {
      const { roleAssignments } = hosting.authorization;
      if (allowed) {
        await roleAssignments.create(scope, assignment, {
          principalId: site.principalId,
          principalType: "ServicePrincipal",
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${secretsUser}`,
        });
      } else await roleAssignments.delete(scope, assignment);
    },
    advanceDays: (days) => clock.move(clock.offsetMs + days * 86_400_000),
    read: () =>
      hosting.https(`${site.url}/items/orders/carts?pk=${encodeURIComponent('["contoso"]')}`, {
        headers: { authorization: `Bearer ${issuer.token({ oid: caller })}` },
      }),
    events: () =>
      [...log().matchAll(/\{"event":"access-failure".*\}/g)].map(
        ([line]) => JSON.parse(line) as Readonly<Record<string, unknown>>,
      ),
    log,
    async close() {
      await issuer.close();
      await hosting.close();
    },
  };
}
