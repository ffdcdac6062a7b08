import type { SiteInternal } from "../site.ts";
import { defaultSiteConfig } from "./config-body.ts";
import { type SiteConfigRequest, unsupportedConfigMembers } from "./config-model.ts";
import { unsupportedFaults } from "./request-body.ts";

/** What a site keeps beside itself before its first configuration. */
export function newInternal(ports: { readonly appPort: number; readonly scmPort: number }): SiteInternal {
  return {
    ...ports,
    siteConfig: defaultSiteConfig,
    appSettings: {},
    connectionStrings: {},
    metadata: {},
    basicCredentials: { ftp: true, scm: true },
    restarts: 0,
  };
}

/** Members that are facts of the site and not of its configuration: they are read only. */
const readOnlyMembers = new Set(["publishingUsername", "machineKey", "xManagedServiceIdentityId"]);

/**
 * The configuration after a write: App Service keeps what a write does not name. Settings, connection strings and
 * metadata each replace the whole set when the write has them.
 */
export function applySiteConfig(before: SiteInternal, request: SiteConfigRequest | undefined): SiteInternal {
  if (request === undefined) return before;
  const { appSettings, connectionStrings, metadata, ...config } = request;
  const written = Object.entries(config).filter(([name]) => !readOnlyMembers.has(name));
  return {
    ...before,
    siteConfig: { ...before.siteConfig, ...Object.fromEntries(written) },
    ...(appSettings && {
      appSettings: Object.fromEntries(appSettings.map(({ name, value }) => [name, value])),
    }),
    ...(connectionStrings && {
      connectionStrings: Object.fromEntries(
        connectionStrings.map(({ name, connectionString, type }) => [
          name,
          { value: connectionString, type },
        ]),
      ),
    }),
    ...(metadata && { metadata: Object.fromEntries(metadata.map(({ name, value }) => [name, value])) }),
  };
}

/** @returns a sentence for each fault of `request`, given whether the plan can keep a site loaded. */
export function configFaults(
  request: SiteConfigRequest | undefined,
  planKeepsLoaded: boolean,
): readonly string[] {
  if (request === undefined) return [];
  return [
    ...unsupportedFaults(unsupportedConfigMembers, request, "siteConfig"),
    ...(request.alwaysOn === true && !planKeepsLoaded
      ? ["siteConfig.alwaysOn cannot be set: the plan's tier does not allow it (Basic or higher does)."]
      : []),
  ];
}
