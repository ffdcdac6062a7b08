import { CosmosDBManagementClient, type DatabaseAccountCreateUpdateParameters } from "@azure/arm-cosmosdb";
import { ResourceManagementClient } from "@azure/arm-resources";
import type { Refusal } from "../../../arm/testing/refusal.ts";
import { startResourceManager, type TestResourceManager } from "../../../arm/testing/resource-manager.ts";

/** Resource manager with the groups `rg` and `other`, and SDK clients of the deployer. */
export interface CosmosManager {
  readonly rm: TestResourceManager;
  readonly client: CosmosDBManagementClient;
  readonly resources: ResourceManagementClient;
  readonly sql: CosmosDBManagementClient["sqlResources"];
  /** Makes an account in `rg`; answers its ARM id. */
  createAccount(name: string, change?: Partial<DatabaseAccountCreateUpdateParameters>): Promise<string>;
}

/** The least that an account is made from. */
export const minimalAccount: DatabaseAccountCreateUpdateParameters = {
  location: "westeurope",
  databaseAccountOfferType: "Standard",
  locations: [{ locationName: "westeurope" }],
};

export async function startCosmosManager(): Promise<CosmosManager> {
  const rm = await startResourceManager();
  const { subscriptionId } = rm.platform;
  const client = new CosmosDBManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  const resources = new ResourceManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  for (const name of ["rg", "other"]) {
    await resources.resourceGroups.createOrUpdate(name, { location: "westeurope" });
  }
  return {
    rm,
    client,
    resources,
    sql: client.sqlResources,
    async createAccount(name, change = {}) {
      const made = await client.databaseAccounts.createOrUpdate("rg", name, { ...minimalAccount, ...change });
      return made.id ?? "";
    },
  };
}

/** All items of a paged list. */
export async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** A refusal by Cosmos DB's resource provider. */
export function bad(message: string): Refusal {
  return { status: 400, code: "BadRequest", message: `${message} <activity>` };
}

/** A refusal of a body that does not have the right form. */
export function badContent(fault: string): Refusal {
  return {
    status: 400,
    code: "InvalidRequestContent",
    message: `The request content was invalid and could not be deserialized: '${fault}'.`,
  };
}
