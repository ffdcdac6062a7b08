import { bindRow, type ResourceManagerServices, type ResourceProvider } from "../../arm/resource-provider.ts";
import { routeNames } from "../../arm/route-table.ts";
import type { Platform } from "../../core/platform.ts";
import type { Directory } from "../../entra/directory.ts";
import { databaseAccountNames, databaseAccounts } from "./account/rows.ts";
import { finishInterrupted } from "./account/write.ts";
import { createAccountLocks } from "./account-locks.ts";
import { operationList } from "./operation-list.ts";
import { sqlRoleAssignments } from "./roles/assignments.ts";
import { sqlRoleDefinitions } from "./roles/definitions.ts";
import type { CosmosServices } from "./services.ts";
import { sqlContainers } from "./sql/containers.ts";
import { sqlDatabases } from "./sql/databases.ts";
import { containerThroughput, databaseThroughput } from "./sql/throughput-rows.ts";
import { accountType } from "./types.ts";

const resourceTypes = [
  databaseAccounts,
  databaseAccountNames,
  sqlDatabases,
  databaseThroughput,
  sqlContainers,
  containerThroughput,
  sqlRoleDefinitions,
  sqlRoleAssignments,
] as const;

const types = [...resourceTypes, operationList(resourceTypes)] as const;

/** Every route of Microsoft.DocumentDB, as the request log names it. */
export const routes: readonly string[] = routeNames(types);

/**
 * The control plane of Cosmos DB for NoSQL. When an account goes, by its own delete or with its resource group, its port
 * and its managed identity go too.
 */
export function createCosmosProvider(
  platform: Platform,
  manager: ResourceManagerServices,
  { directory }: { readonly directory: Directory },
): ResourceProvider {
  const services: CosmosServices = {
    platform,
    directory,
    resources: manager.resources,
    locks: createAccountLocks(),
    beginOperation: (call, work, answer) => manager.beginOperation(call, work, answer),
  };
  manager.resources.observe((change) => {
    if (change.kind !== "delete" || change.before.type !== accountType) return;
    platform.ports.release(change.before.id);
    const principalId = change.before.identity?.principalId;
    if (principalId !== undefined) directory.deleteManagedIdentity(principalId);
  });
  void finishInterrupted(services);
  return { namespace: "Microsoft.DocumentDB", types: types.map((row) => bindRow(row, services)) };
}
