import { CosmosDBManagementClient } from "@azure/arm-cosmosdb";
import { ResourceManagementClient } from "@azure/arm-resources";
import { openDirectory } from "../entra/directory.ts";
import { openSigningKeys } from "../entra/signing-keys.ts";
import type { HostileMaterial } from "./forge.ts";
import { startTestCloud, type TestCloud } from "./test-cloud.ts";

export interface HostileAccount {
  readonly name: string;
  /** `https://localhost:<port>`. */
  readonly origin: string;
}

export interface HostileCloud {
  readonly cloud: TestCloud;
  readonly management: CosmosDBManagementClient;
  /** Takes tokens only. */
  readonly keyless: HostileAccount;
  /** Takes tokens and keys. */
  readonly keyed: HostileAccount;
  /** What an attacker of the surface with this audience may have; the good token is the deployer's. */
  material(audience: string, anotherAudience: string): Promise<HostileMaterial>;
}

export const resourceGroup = "hostile";
const location = "westeurope";
const database = "orders";
const container = "orders";
/** Cosmos DB Built-in Data Contributor. */
const contributor = "00000000-0000-0000-0000-000000000002";
const soon = { updateIntervalInMs: 5 };

/** A path that the deployer may read on both accounts. */
export const readablePath = `/dbs/${database}/colls/${container}`;

/** A whole cloud with two accounts, each with one container that the deployer may use. */
export async function startHostileCloud(): Promise<HostileCloud> {
  const cloud = await startTestCloud();
  try {
    return await furnish(cloud);
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

async function furnish(cloud: TestCloud): Promise<HostileCloud> {
  const { origin: endpoint, subscriptionId, deployer, platform } = cloud;
  const options = { endpoint, credentials: { scopes: ["https://management.azure.com/.default"] } };
  const management = new CosmosDBManagementClient(cloud.credential(), subscriptionId, options);
  const resources = new ResourceManagementClient(cloud.credential(), subscriptionId, options);
  await resources.resourceGroups.createOrUpdate(resourceGroup, { location });

  const createAccount = async (name: string, disableLocalAuth: boolean): Promise<HostileAccount> => {
    const account = await management.databaseAccounts.createOrUpdate(
      resourceGroup,
      name,
      {
        location,
        databaseAccountOfferType: "Standard",
        locations: [{ locationName: location }],
        disableLocalAuth,
      },
      soon,
    );
    const { sqlResources } = management;
    await sqlResources.createUpdateSqlDatabase(
      resourceGroup,
      name,
      database,
      { resource: { id: database } },
      soon,
    );
    await sqlResources.createUpdateSqlContainer(
      resourceGroup,
      name,
      database,
      container,
      { resource: { id: container, partitionKey: { paths: ["/pk"], kind: "Hash" } } },
      soon,
    );
    await sqlResources.createUpdateSqlRoleAssignment(
      resourceGroup,
      name,
      platform.ids.uuid(),
      {
        principalId: deployer.principalId,
        scope: account.id ?? "",
        roleDefinitionId: `${account.id}/sqlRoleDefinitions/${contributor}`,
      },
      soon,
    );
    return { name, origin: new URL(account.documentEndpoint ?? "").origin };
  };

  const keyless = await createAccount("hostile-keyless", true);
  const keyed = await createAccount("hostile-keyed", false);
  const directory = openDirectory(platform);
  const { appId = "", id } = directory.create({ type: "application", displayName: "another" });
  directory.create({ type: "servicePrincipal", displayName: "another", appId });
  const another = { clientId: appId, clientSecret: directory.passwords.add(id).secretText };
  const { privateKey, publicKey } = openSigningKeys(platform).current;
  const tokenOf = async (audience: string, client = deployer as typeof another) =>
    (await cloud.credential(client).getToken(`${audience}/.default`)).token;
  return {
    cloud,
    management,
    keyless,
    keyed,
    material: async (audience, anotherAudience) => ({
      good: await tokenOf(audience),
      ofAnother: await tokenOf(audience, another),
      forAnotherResource: await tokenOf(anotherAudience),
      issuerKey: privateKey,
      issuerPublicKey: publicKey,
      now: platform.clock.nowSeconds(),
    }),
  };
}
