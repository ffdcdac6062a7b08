import { CosmosDBManagementClient } from "@azure/arm-cosmosdb";
import { ResourceManagementClient } from "@azure/arm-resources";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startResourceManager, type TestResourceManager } from "../../arm/testing/resource-manager.ts";

let rm: TestResourceManager;
let resources: ResourceManagementClient;
let account: string;

beforeAll(async () => {
  rm = await startResourceManager();
  const { subscriptionId } = rm.platform;
  resources = new ResourceManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  await resources.resourceGroups.createOrUpdate("rg", { location: "westeurope" });
  const client = new CosmosDBManagementClient(rm.credential(), subscriptionId, rm.clientOptions);
  const { id = "" } = await client.databaseAccounts.createOrUpdate("rg", "account", {
    location: "westeurope",
    databaseAccountOfferType: "Standard",
    locations: [{ locationName: "westeurope" }],
  });
  account = id;
  const sql = client.sqlResources;
  await sql.createUpdateSqlDatabase("rg", "account", "db", {
    resource: { id: "db" },
    options: { throughput: 400 },
  });
  await sql.createUpdateSqlContainer("rg", "account", "db", "c", {
    resource: { id: "c", partitionKey: { paths: ["/p"], kind: "Hash" } },
    options: { throughput: 400 },
  });
  await sql.createUpdateSqlRoleAssignment("rg", "account", "10000000-0000-0000-0000-000000000000", {
    principalId: rm.entra.deployer.principalId,
    roleDefinitionId: `${account}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000001`,
    scope: account,
  });
});

afterAll(() => rm.close());

test.each([
  ["", "x"],
  ["/sqlDatabases/db", "x"],
  ["/sqlDatabases/db/throughputSettings/default", undefined],
  ["/sqlDatabases/db/containers/c", "x"],
  ["/sqlDatabases/db/containers/c/throughputSettings/default", undefined],
  ["/sqlRoleDefinitions/00000000-0000-0000-0000-000000000001", "9"],
  ["/sqlRoleAssignments/10000000-0000-0000-0000-000000000000", "9"],
])("resource manager's generic existence check finds %s of an account", async (path, ending) => {
  const exists = async (id: string) => (await resources.resources.checkExistenceById(id, "2025-10-15")).body;
  expect(await exists(`${account}${path}`)).toBe(true);
  if (ending === undefined) return;
  expect(await exists(`${account}${path}`.slice(0, -1) + ending)).toBe(false);
});

test("a resource group takes the account, all below it and its port along", async () => {
  await resources.resourceGroups.delete("rg");
  expect(rm.resources.get(account)).toBeUndefined();
  expect(rm.resources.listBelow(account)).toEqual([]);
  expect(rm.platform.ports.find(account)).toBeUndefined();
});
