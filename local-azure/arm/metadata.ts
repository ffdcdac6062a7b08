import type { Platform } from "../core/platform.ts";
import { resourceManagerAudiences } from "./authentication.ts";

/**
 * The document that tells clients where this cloud's services are. Up to 2015-01-01 it is a small object (az registers
 * clouds with it), then a list of clouds, from 2022-09-01 on one object.
 *
 * `loginEndpoint` has no trailing slash because go-azure-sdk joins paths to it with one; Graph has a URL of its own because
 * that URL is an audience too.
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
