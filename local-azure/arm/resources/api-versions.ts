/**
 * Versions of resource manager's own types: azure-native 3.28.0 speaks 2024-03-01 (and 2020-10-01 for a default location),
 * @azure/arm-resources 8 speaks 2025-04-01, az 2.91 speaks 2024-11-01; the shapes served here are the same in all of them.
 */
export const resourceManagerApiVersions: readonly string[] = [
  "2025-04-01",
  "2025-03-01",
  "2024-11-01",
  "2024-07-01",
  "2024-03-01",
  "2023-07-01",
  "2022-09-01",
  "2021-04-01",
  "2021-01-01",
  "2020-10-01",
  "2020-06-01",
  "2019-10-01",
];

/** @azure/arm-resources-subscriptions 2 and az 2.91 speak 2022-12-01. */
export const subscriptionApiVersions: readonly string[] = [
  "2022-12-01",
  "2022-09-01",
  "2021-01-01",
  "2020-01-01",
  "2019-11-01",
  "2019-06-01",
  "2016-06-01",
];
