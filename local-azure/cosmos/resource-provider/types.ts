/** Canonical names of the types of Microsoft.DocumentDB. */
export const accountType = "Microsoft.DocumentDB/databaseAccounts";
export const databaseType = `${accountType}/sqlDatabases`;
export const containerType = `${databaseType}/containers`;
export const roleDefinitionType = `${accountType}/sqlRoleDefinitions`;
export const roleAssignmentType = `${accountType}/sqlRoleAssignments`;

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
export const accountPath = `${group}/providers/${accountType}/{accountName}`;
export const databasePath = `${accountPath}/sqlDatabases/{databaseName}`;
export const containerPath = `${databasePath}/containers/{containerName}`;

export const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * azure-native 3.28.0 speaks 2025-10-15, @azure/arm-cosmosdb 17 and az 2.91 speak 2026-03-15. SQL roles came with
 * 2021-04-15; the shapes served here are the same in all of these.
 */
export const cosmosApiVersions: readonly string[] = [
  "2026-03-15",
  "2025-11-01-preview",
  "2025-10-15",
  "2025-05-01-preview",
  "2025-04-15",
  "2024-12-01-preview",
  "2024-11-15",
  "2024-08-15",
  "2024-05-15",
  "2023-11-15",
  "2023-09-15",
  "2023-04-15",
  "2023-03-15",
  "2022-11-15",
  "2022-08-15",
  "2022-05-15",
  "2021-10-15",
  "2021-06-15",
  "2021-05-15",
  "2021-04-15",
];
