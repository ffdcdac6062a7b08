import { CosmosDBManagementClient } from "@azure/arm-cosmosdb";
import { ResourceManagementClient } from "@azure/arm-resources";
import { connect } from "../../../connection/azure-cloud.ts";
import type { Clock } from "../../../local-azure/core/clock.ts";
import { type Directory, openDirectory } from "../../../local-azure/entra/directory.ts";
import { startTestCloud, type TestCloud } from "../../../local-azure/testing/test-cloud.ts";
import { builtInRoles } from "../../../rbac/cosmos/built-in-roles.ts";
import { type Diagnosis, diagnose } from "../diagnose.ts";
import type { DoctorRequest } from "../facts/gather.ts";

const resourceGroup = "doctor";
const location = "westeurope";
const soon = { updateIntervalInMs: 5 };

/** An application with its service principal and a secret. */
export interface TestApplication {
  readonly applicationId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly principalId: string;
}

/** A whole local cloud with a keyless account `shop` that holds `orders/orders` and `orders/audit`, and a doctor for it. */
export interface DoctorCloud {
  readonly cloud: TestCloud;
  readonly directory: Directory;
  readonly account: { readonly id: string; readonly name: string; readonly endpoint: string };
  readonly management: CosmosDBManagementClient;
  application(displayName: string): TestApplication;
  /** Assigns a built-in role, or a custom one by its GUID, and answers the assignment's id. */
  grant(principalId: string, role: "reader" | "contributor" | string, scope?: string): Promise<string>;
  define(dataActions: readonly string[]): Promise<string>;
  changeAccount(change: Parameters<CosmosDBManagementClient["databaseAccounts"]["update"]>[2]): Promise<void>;
  /** A control-plane role, by its GUID, on the resource group. */
  assign(principalId: string, roleId: string): Promise<void>;
  /** A token for the account, or for another resource. */
  token(application: TestApplication, resource?: string): Promise<string>;
  /** The environment of a command that runs as an application; as the deployer otherwise. */
  environment(application?: { readonly clientId: string; readonly clientSecret: string }): NodeJS.ProcessEnv;
  /** Asks the doctor, by default as the deployer, on `orders/orders`. */
  ask(request: Partial<DoctorRequest>, as?: NodeJS.ProcessEnv, now?: () => Date): Promise<Diagnosis>;
  close(): Promise<void>;
}

export async function startDoctorCloud(clock?: Clock): Promise<DoctorCloud> {
  const cloud = await startTestCloud(clock === undefined ? {} : { clock });
  try {
    return await furnish(cloud);
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

async function furnish(cloud: TestCloud): Promise<DoctorCloud> {
  const { origin: endpoint, subscriptionId, platform, tenantId } = cloud;
  const options = { endpoint, credentials: { scopes: ["https://management.azure.com/.default"] } };
  const management = new CosmosDBManagementClient(cloud.credential(), subscriptionId, options);
  const resources = new ResourceManagementClient(cloud.credential(), subscriptionId, options);
  await resources.resourceGroups.createOrUpdate(resourceGroup, { location });
  const made = await management.databaseAccounts.createOrUpdate(
    resourceGroup,
    "shop",
    {
      location,
      databaseAccountOfferType: "Standard",
      locations: [{ locationName: location }],
      disableLocalAuth: true,
    },
    soon,
  );
  const { sqlResources } = management;
  await sqlResources.createUpdateSqlDatabase(
    resourceGroup,
    "shop",
    "orders",
    { resource: { id: "orders" } },
    soon,
  );
  for (const id of ["orders", "audit"]) {
    const partitionKey = { paths: ["/tenantId", "/orderId"], kind: "MultiHash", version: 2 };
    await sqlResources.createUpdateSqlContainer(
      resourceGroup,
      "shop",
      "orders",
      id,
      { resource: { id, partitionKey } },
      soon,
    );
  }
  const account = { id: made.id ?? "", name: "shop", endpoint: made.documentEndpoint ?? "" };
  const directory = openDirectory(platform);
  const environment: DoctorCloud["environment"] = (application = cloud.deployer) => ({
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: application.clientId,
    ARM_CLIENT_SECRET: application.clientSecret,
    ARM_METADATA_HOSTNAME: new URL(endpoint).host,
    AZURE_AUTHORITY_HOST: endpoint,
  });
  return {
    cloud,
    directory,
    account,
    management,
    environment,
    application(displayName) {
      const { id, appId = "" } = directory.create({ type: "application", displayName });
      const principal = directory.create({ type: "servicePrincipal", displayName, appId });
      const { secretText } = directory.passwords.add(id, { displayName });
      return { applicationId: id, clientId: appId, clientSecret: secretText, principalId: principal.id };
    },
    async grant(principalId, role, scope = "/dbs/orders/colls/orders") {
      const id = platform.ids.uuid();
      const definition = role === "reader" || role === "contributor" ? builtInRoles[role].id : role;
      await sqlResources.createUpdateSqlRoleAssignment(
        resourceGroup,
        "shop",
        id,
        {
          principalId,
          roleDefinitionId: `${account.id}/sqlRoleDefinitions/${definition}`,
          scope: `${account.id}${scope}`,
        },
        soon,
      );
      return id;
    },
    async define(dataActions) {
      const id = platform.ids.uuid();
      await sqlResources.createUpdateSqlRoleDefinition(
        resourceGroup,
        "shop",
        id,
        {
          roleName: `role ${id}`,
          type: "CustomRole",
          assignableScopes: [account.id],
          permissions: [{ dataActions: [...dataActions] }],
        },
        soon,
      );
      return id;
    },
    async changeAccount(change) {
      await management.databaseAccounts.update(resourceGroup, "shop", change, soon);
    },
    async assign(principalId, roleId) {
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      const { token } = await cloud.credential().getToken("https://management.azure.com/.default");
      const answer = await fetch(
        `${endpoint}${scope}/providers/Microsoft.Authorization/roleAssignments/${platform.ids.uuid()}?api-version=2022-04-01`,
        {
          method: "PUT",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: JSON.stringify({
            properties: {
              principalId,
              roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
            },
          }),
        },
      );
      if (answer.status !== 201) throw new Error(`the role assignment was answered with ${answer.status}`);
    },
    token: async (application, resource = account.endpoint.slice(0, -1)) =>
      (await cloud.credential(application).getToken(`${resource}/.default`)).token,
    async ask(request, as = environment(), now = () => platform.clock.now()) {
      return diagnose(
        {
          account: { id: account.id },
          target: "orders/orders",
          project: import.meta.dirname,
          today: "2026-11-25",
          ...request,
        },
        { cloud: await connect(as), environment: as, now },
      );
    },
    close: () => cloud.close(),
  };
}
