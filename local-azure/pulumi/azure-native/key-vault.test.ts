import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { SecretClient } from "@azure/keyvault-secrets";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestCloud, type TestCloud } from "../../testing/test-cloud.ts";
import { createPulumiProject, type PulumiProject } from "../testing/pulumi-project.ts";

/** The engine may have to be built first, once for this user. */
const engineBuild = 45 * 60_000;

let cloud: TestCloud;
let project: PulumiProject;

beforeAll(async () => {
  cloud = await startTestCloud();
  project = await createPulumiProject({
    ARM_METADATA_HOSTNAME: new URL(cloud.origin).host,
    ARM_SUBSCRIPTION_ID: cloud.subscriptionId,
    ARM_TENANT_ID: cloud.tenantId,
    ARM_CLIENT_ID: cloud.deployer.clientId,
    ARM_CLIENT_SECRET: cloud.deployer.clientSecret,
    NODE_EXTRA_CA_CERTS: cloud.platform.certificates.caFile,
  });
}, engineBuild);
afterAll(async () => {
  project.remove();
  await cloud.close();
});

/** A vault with a secret that an identity with a federated credential may read, and the deployer may delete. */
function program(value: string): string {
  return `
const azure = require("@pulumi/azure-native");
const pulumi = require("@pulumi/pulumi");
const client = azure.authorization.getClientConfigOutput();
const role = (guid) => pulumi.interpolate\`/subscriptions/\${client.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/\${guid}\`;
const group = new azure.resources.ResourceGroup("rg", { location: "westeurope" });
const vault = new azure.keyvault.Vault("kv", {
  resourceGroupName: group.name,
  properties: { tenantId: client.tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
});
const officer = new azure.authorization.RoleAssignment("officer", {
  scope: vault.id,
  principalId: client.objectId,
  principalType: "ServicePrincipal",
  roleDefinitionId: role("b86a8fe4-44ce-4948-aee5-eccb2c155cd7"),
});
const secret = new azure.keyvault.Secret("db", {
  resourceGroupName: group.name,
  vaultName: vault.name,
  secretName: "db-password",
  properties: { value: pulumi.secret(${JSON.stringify(value)}), attributes: { expires: 1893456000 } },
  tags: { team: "orders" },
}, { dependsOn: officer });
const identity = new azure.managedidentity.UserAssignedIdentity("agent", { resourceGroupName: group.name });
new azure.managedidentity.FederatedIdentityCredential("github", {
  resourceGroupName: group.name,
  resourceName: identity.name,
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/shop:environment:prod",
  audiences: ["api://AzureADTokenExchange"],
});
new azure.authorization.RoleAssignment("reader", {
  scope: secret.id,
  principalId: identity.principalId,
  principalType: "ServicePrincipal",
  roleDefinitionId: role("4633458b-17de-408a-b874-0445c86b69e6"),
});
exports.groupName = group.name;
exports.vaultName = vault.name;
exports.vaultUri = vault.properties.vaultUri;
exports.secretUri = secret.properties.secretUriWithVersion;
`;
}

interface Outputs {
  readonly groupName: string;
  readonly vaultName: string;
  readonly vaultUri: string;
  readonly secretUri: string;
}

const outputs = async () => JSON.parse(await project.succeed("stack", "output", "--json")) as Outputs;
const valueIn = async ({ vaultUri }: Outputs) => {
  const secrets = new SecretClient(vaultUri, cloud.credential(), {
    disableChallengeResourceVerification: true,
  });
  return (await secrets.getSecret("db-password")).value;
};

test("a vault, its secret and a role on that secret are made, refreshed, changed and destroyed", async () => {
  project.write("index.js", program("planted-one"));
  await project.succeed("up", "--yes", "--skip-preview");
  const first = await outputs();
  expect(await valueIn(first)).toBe("planted-one");
  await project.succeed("preview", "--expect-no-changes");
  await project.succeed("refresh", "--yes", "--expect-no-changes");

  project.write("index.js", program("planted-two"));
  const said = await project.succeed("up", "--yes", "--skip-preview", "--diff");
  const second = await outputs();
  expect(second.secretUri).not.toBe(first.secretUri);
  expect(await valueIn(second)).toBe("planted-two");
  const state = await project.succeed("stack", "export");
  expect(said + state).not.toMatch(/planted-/);

  await project.succeed("destroy", "--yes", "--skip-preview");
  const keyVault = new KeyVaultManagementClient(cloud.credential(), cloud.subscriptionId, {
    endpoint: cloud.origin,
    credentials: { scopes: [`${cloud.origin}/.default`] },
  });
  for await (const { name } of keyVault.vaults.listBySubscription()) throw new Error(`${name} is left`);
});
