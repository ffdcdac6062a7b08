/** The first version in which a new vault decides by Azure RBAC when its body does not say: https://learn.microsoft.com/azure/key-vault/general/access-control-default */
export const rbacByDefaultSince = "2026-02-01";

/**
 * azure-native 3.28.0 speaks 2024-11-01, @azure/arm-keyvault 5 speaks 2026-02-01; the others are the releases between and
 * those of the az CLI, which took the same shapes.
 */
export const keyVaultApiVersions: readonly string[] = [
  rbacByDefaultSince,
  "2025-05-01",
  "2024-12-01-preview",
  "2024-11-01",
  "2024-04-01-preview",
  "2023-07-01",
  "2023-02-01",
  "2022-11-01",
  "2022-07-01",
  "2021-10-01",
  "2021-06-01-preview",
  "2019-09-01",
];
