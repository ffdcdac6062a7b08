import type { AccessRule } from "../access/restrictions.ts";
import type { SiteInternal } from "../site.ts";

/** What a site's configuration is before anybody sets anything: the part of App Service's defaults that means something here. */
export const defaultSiteConfig: Readonly<Record<string, unknown>> = {
  numberOfWorkers: 1,
  netFrameworkVersion: "v4.0",
  linuxFxVersion: "",
  requestTracingEnabled: false,
  remoteDebuggingEnabled: false,
  httpLoggingEnabled: false,
  acrUseManagedIdentityCreds: false,
  logsDirectorySizeLimit: 35,
  detailedErrorLoggingEnabled: false,
  scmType: "None",
  use32BitWorkerProcess: true,
  webSocketsEnabled: false,
  alwaysOn: false,
  appCommandLine: "",
  managedPipelineMode: "Integrated",
  loadBalancing: "LeastRequests",
  autoHealEnabled: false,
  vnetName: "",
  vnetRouteAllEnabled: false,
  vnetPrivatePortsCount: 0,
  localMySqlEnabled: false,
  ipSecurityRestrictions: [],
  scmIpSecurityRestrictions: [],
  scmIpSecurityRestrictionsUseMain: false,
  http20Enabled: false,
  minTlsVersion: "1.2",
  scmMinTlsVersion: "1.2",
  ftpsState: "FtpsOnly",
  preWarmedInstanceCount: 0,
  functionAppScaleLimit: 0,
  functionsRuntimeScaleMonitoringEnabled: false,
  minimumElasticInstanceCount: 0,
};

/** The properties of `config/web`: no settings and no connection strings, as on Azure. */
export function configProperties({ siteConfig }: SiteInternal): Record<string, unknown> {
  return {
    ...siteConfig,
    appSettings: null,
    connectionStrings: null,
    metadata: null,
    ipSecurityRestrictions: shownRules(
      siteConfig.ipSecurityRestrictions,
      siteConfig.ipSecurityRestrictionsDefaultAction,
    ),
    scmIpSecurityRestrictions: shownRules(
      siteConfig.scmIpSecurityRestrictions,
      siteConfig.scmIpSecurityRestrictionsDefaultAction,
    ),
  };
}

/** GET of a site shows a few members of its configuration only. */
export function configSummary({ siteConfig }: SiteInternal): Record<string, unknown> {
  const { numberOfWorkers, linuxFxVersion, acrUseManagedIdentityCreds, alwaysOn, http20Enabled } = siteConfig;
  const { functionAppScaleLimit, minimumElasticInstanceCount } = siteConfig;
  return {
    numberOfWorkers,
    linuxFxVersion,
    acrUseManagedIdentityCreds,
    alwaysOn,
    http20Enabled,
    functionAppScaleLimit,
    minimumElasticInstanceCount,
  };
}

/** App Service ends the list with what applies to every other address. */
function shownRules(rules: unknown, defaultAction: unknown): readonly unknown[] {
  const kept = rules as readonly AccessRule[];
  const action = defaultAction ?? (kept.length === 0 ? "Allow" : "Deny");
  return [
    ...kept,
    {
      ipAddress: "Any",
      action,
      priority: 2_147_483_647,
      name: `${action} all`,
      description: `${action} all access`,
    },
  ];
}
