import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { KeyVaultManagementClient, type VaultCreateOrUpdateParameters } from "@azure/arm-keyvault";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SecretClient } from "@azure/keyvault-secrets";
import { type ManualClock, manualClock } from "../../core/clock.ts";
import { startTestCloud, type TestCloud } from "../../testing/test-cloud.ts";

export const resourceGroup = "vaults";
export const location = "westeurope";

/** GUIDs of the built-in roles of Key Vault. */
export const vaultRoles = {
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  secretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  administrator: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  reader: "21090545-7ca7-4776-b22c-e363652d74d2",
} as const;

export interface TestApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly principalId: string;
}

export interface TestVault {
  readonly id: string;
  readonly name: string;
  /** With a trailing slash, as resource manager shows it. */
  readonly uri: string;
}

/** A whole local cloud with a resource group, and official clients of its vaults. */
export interface VaultCloud {
  readonly cloud: TestCloud;
  readonly clock: ManualClock;
  readonly keyVault: KeyVaultManagementClient;
  readonly resources: ResourceManagementClient;
  /** A vault; the deployer may do everything with its secrets. */
  vault(name: string, properties?: Partial<VaultCreateOrUpdateParameters["properties"]>): Promise<TestVault>;
  /** The data plane as the deployer or the application sees it. */
  secrets(vault: TestVault, application?: TestApplication): SecretClient;
  /** An application with a service principal and a secret, without any role. */
  application(displayName: string): Promise<TestApplication>;
  /** Gives `principalId` a role by its GUID. */
  assign(principalId: string, roleId: string, scope: string): Promise<void>;
  token(resource: string, application?: TestApplication): Promise<string>;
  /** A request to a vault or to resource manager without any SDK, with the deployer's token unless said otherwise. */
  request(
    url: string,
    options?: { readonly method?: string; readonly token?: string | null; readonly body?: string },
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }>;
  close(): Promise<void>;
}

export async function startVaultCloud(): Promise<VaultCloud> {
  const clock = manualClock(new Date("2026-11-25T08:00:00Z"));
  const cloud = await startTestCloud({ clock });
  const { origin, subscriptionId, tenantId, deployer } = cloud;
  const options = {
    endpoint: origin,
    credentials: { scopes: [`${origin}/.default`] },
    retryOptions: { maxRetries: 0 },
  };
  const keyVault = new KeyVaultManagementClient(cloud.credential(), subscriptionId, options);
  const resources = new ResourceManagementClient(cloud.credential(), subscriptionId, options);
  const authorization = new AuthorizationManagementClient(cloud.credential(), subscriptionId, options);
  await resources.resourceGroups.createOrUpdate(resourceGroup, { location });
  const token: VaultCloud["token"] = async (resource, application) =>
    (await cloud.credential(application).getToken(`${resource}/.default`)).token;
  const assign: VaultCloud["assign"] = async (principalId, roleId, scope) => {
    await authorization.roleAssignments.create(scope, cloud.platform.ids.uuid(), {
      principalId,
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
    });
  };
  const request: VaultCloud["request"] = async (url, asked = {}) => {
    const { method = "GET", body } = asked;
    const resource = url.startsWith(origin) ? "https://management.azure.com" : "https://vault.azure.net";
    const bearer = asked.token === undefined ? await token(resource) : asked.token;
    const response = await fetch(url, {
      method,
      headers: {
        // A connection that outlived a restart would be reset.
        Connection: "close",
        ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return {
    cloud,
    clock,
    keyVault,
    resources,
    token,
    assign,
    request,
    async vault(name, properties = {}) {
      const { id = "", properties: made } = await keyVault.vaults.createOrUpdate(
        resourceGroup,
        name,
        {
          location,
          properties: { tenantId, sku: { family: "A", name: "standard" }, ...properties },
        },
        { updateIntervalInMs: 1 },
      );
      await assign(deployer.principalId, vaultRoles.administrator, id);
      return { id, name, uri: made.vaultUri ?? "" };
    },
    secrets: (vault, application) =>
      new SecretClient(vault.uri, cloud.credential(application), {
        disableChallengeResourceVerification: true,
        retryOptions: { maxRetries: 0 },
      }),
    async application(displayName) {
      const graph = async (path: string, body: unknown) => {
        const response = await fetch(`${origin}/graph/v1.0/${path}`, {
          method: "POST",
          headers: {
            Authorization: `Bearer ${await token(`${origin}/graph`)}`,
            "Content-Type": "application/json",
          },
          body: JSON.stringify(body),
        });
        return (await response.json()) as Record<string, string>;
      };
      const application = await graph("applications", { displayName });
      const principal = await graph("servicePrincipals", { appId: application.appId });
      const password = await graph(`applications/${application.id}/addPassword`, {});
      return {
        principalId: principal.id ?? "",
        clientId: application.appId ?? "",
        clientSecret: password.secretText ?? "",
      };
    },
    close: () => cloud.close(),
  };
}
