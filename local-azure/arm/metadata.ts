import type { Platform } from "../core/platform.ts";
import { resourceManagerAudiences } from "./authentication.ts";

/**
 * The document that tells clients where this cloud's services are.
 *
 * From api-version 2019-05-01 on it is one object or an array of clouds (2022-09-01 and 2015-01-01 are objects); the
 * `loginEndpoint` has no trailing slash, because go-azure-sdk joins it with one, and Graph has a URL of its own, because it
 * is an audience too.
 */
export function metadataDocument(platform: Platform, apiVersion: string | null): unknown {
  const { origin } = platform;
  if (apiVersion === null || apiVersion.startsWith("2015")) {
    return {
      galleryEndpoint: origin,
      graphEndpoint: `${origin}/graph`,
      portalEndpoint: origin,
      authentication: { loginEndpoint: origin, audiences: resourceManagerAudiences(origin) },
    };
  }
  const endpoints = {
    name: "LocalAzure",
    portal: origin,
    authentication: {
      loginEndpoint: origin,
      audiences: resourceManagerAudiences(origin),
      tenant: "common",
      identityProvider: "AAD",
    },
    resourceManager: origin,
    microsoftGraphResourceId: `${origin}/graph`,
    graph: `${origin}/graph`,
    graphAudience: `${origin}/graph`,
    suffixes: { keyVaultDns: "vault.localhost" },
  };
  return apiVersion >= "2022" ? endpoints : [endpoints];
}
