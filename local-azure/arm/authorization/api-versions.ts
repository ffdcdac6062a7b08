/**
 * azure-native 3.28.0 speaks 2022-04-01 (assignments) and 2022-05-01-preview (definitions), @azure/arm-authorization 9
 * speaks 2022-04-01, az 2.91 speaks 2022-04-01 and 2022-05-01-preview. Older ones took other shapes.
 */
export const authorizationApiVersions: readonly string[] = [
  "2022-05-01-preview",
  "2022-04-01",
  "2021-04-01-preview",
  "2020-10-01-preview",
  "2020-08-01-preview",
  "2020-04-01-preview",
  "2018-09-01-preview",
  "2018-01-01-preview",
];
