/**
 * azure-native 3.28.0, @azure/arm-appservice 19 and az 2.91 (azure-mgmt-web 11) speak 2025-05-01; az asks for app settings
 * with 2023-12-01 and 2024-11-01 too. The others are the releases between, which took the same shapes.
 */
export const webApiVersions: readonly string[] = [
  "2025-05-01",
  "2025-03-01",
  "2024-11-01",
  "2024-04-01",
  "2023-12-01",
  "2023-01-01",
  "2022-09-01",
  "2022-03-01",
];
